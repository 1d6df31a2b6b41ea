import { setImmediate as nextTurn } from 'node:timers/promises';
import { cellCount, type MaskedArray, unravel } from '@hyperslab/array';
import { hearCancel, openRegion, whileWanted } from '@hyperslab/kernels';
import { chooseGrid } from '../plan/choose-grid.ts';
import { largestCell, runsThrough } from '../plan/run-lengths.ts';
import type { AllocateBlock } from './block-format.ts';
import { type Box, cellBox, isWithin } from './box.ts';
import { ComputeTurns } from './compute-turns.ts';
import { tileLeaves } from './constants.ts';
import { evaluate } from './evaluate.ts';
import { FetchAhead, type FetchedTile } from './fetch-ahead.ts';
import { alignedParts } from './leaves.ts';
import { PartMap } from './part-map.ts';
import { geometryOf, type PreparedPlan } from './prepared-plan.ts';
import type { StageTiles } from './stage-tiles.ts';
import type { DecodeSource, TaskIo } from './task-io.ts';
import { partOfLeaf } from './tile-parts.ts';

/** Bytes of decoded input of a tile: the usual chunk is larger, and a tile alone, so that it is not copied together with others. */
export const defaultTileBytes = 2 ** 19;
/** A chunk larger than this is cut into several tiles, and decoded for each. */
const cutBytes = 64 * 2 ** 20;
/** A thread that has what it needs computes without a pause; after so long messages are heard: of who cancels, and of small tasks that may go first. */
const mostDeafMs = 1;
const turns = new ComputeTurns();
/** When this thread last heard messages. */
let heardMs = 0;

export interface TaskOptions {
  /** Decides the order of additions, and so must be the same on all workers. @default 512 KiB */
  tileBytes?: number;
  /** Where the block is made. */
  allocateBlock?: AllocateBlock;
}

/** A part of a block with its values, and those of other operands; `box` is within the node. The values are there for as long as it is taken. */
export interface Tile {
  box: Box;
  array: MaskedArray;
  others: MaskedArray[];
}

/**
 * Evaluates a part of the first of the nodes of a stage, and what the others have of it, in tiles of whole chunks, in row-major order but for dimensions that are reduced,
 * and what functions compute in parts of these. Memory is that of what is stored of a few tiles and of one that is decoded. While one is computed and
 * taken, the next are fetched.
 */
export async function evaluateTiles(
  prepared: PreparedPlan,
  tiles: StageTiles,
  block: Box,
  io: TaskIo,
  { tileBytes = defaultTileBytes }: TaskOptions,
  take: (tile: Tile) => void,
): Promise<void> {
  const boxes = tileBoxes(prepared, tiles, block, tileBytes);
  const fetched = new FetchAhead(prepared, tiles, boxes, io);
  const task = turns.enter(prepared.plan);
  let isTurn = false;
  try {
    for (let tile = fetched.first(); tile !== undefined; tile = fetched.first()) {
      if (isTurn && (!tile.settled || turns.isOver)) {
        turns.give();
        isTurn = false;
      }
      const decoders = await tile.decoders;
      if (!isTurn) {
        await turns.take(task);
        isTurn = true;
      }
      if (performance.now() - heardMs > mostDeafMs) {
        await nextTurn();
        heardMs = performance.now();
      }
      io.signal?.throwIfAborted();
      whileWanted(io.throwIfCancelled, () => computeTile(prepared, tiles, tile, decoders, take));
      fetched.shift();
    }
  } finally {
    if (isTurn) turns.give();
    turns.leave(task);
    fetched.close();
  }
}

/** Decodes a tile and evaluates it, part by part where functions are computed. */
function computeTile(
  prepared: PreparedPlan,
  { roots, cuts }: StageTiles,
  { box, leaves }: FetchedTile,
  decoders: readonly DecodeSource[],
  take: (tile: Tile) => void,
): void {
  const { nodes } = prepared.plan;
  using decoded = openRegion();
  const arrays = decoders.map((decode) => decode(decoded));
  for (const part of cuts.partsOf(box)) {
    hearCancel();
    using memory = openRegion();
    const parts = alignedParts(nodes, roots, part);
    const known = new PartMap<MaskedArray>();
    if (part === box) leaves.forEach((leaf, number) => void known.add(leaf, arrays[number]));
    else
      for (const leaf of tileLeaves(prepared, parts)) {
        const number = leaves.findIndex((whole) => whole.node === leaf.node && isWithin(leaf.box, whole.box));
        known.add(leaf, partOfLeaf(leaves[number], arrays[number], leaf.box, memory));
      }
    const [array, ...others] = evaluate(nodes, parts, known, memory);
    take({ box: part, array, others });
  }
}

function* tileBoxes(
  prepared: PreparedPlan,
  { roots, reduced, cuts }: StageTiles,
  block: Box,
  tileBytes: number,
): Generator<Box> {
  const { origin, shape } = block;
  if (cuts.isOneTile(shape, tileBytes)) {
    yield block;
    return;
  }
  const { chunks, bytes, whole } = geometryOf(prepared, roots);
  const grid = chooseGrid({
    shape,
    chunks: chunks.map((runs, axis) =>
      runsThrough(runs, { start: origin[axis], count: shape[axis], step: 1 }),
    ),
    bytes,
    whole,
    targetBytes: tileBytes,
    cutBytes: Math.max(cutBytes, tileBytes),
    order: [...shape.keys()].reverse(),
  });
  const all = [...shape.keys()];
  // Tiles of one chunk, if it is cut, stay beside each other: it may be kept until the next.
  const isCut = bytes(chunks.map(largestCell)) > cutBytes;
  const order = isCut
    ? all
    : [...all.filter((axis) => !reduced.includes(axis)), ...all.filter((axis) => reduced.includes(axis))];
  const counts = order.map((axis) => cellCount(grid[axis]));
  const tiles = counts.reduce((product, count) => product * count, 1);
  for (let number = 0; number < tiles; number++) {
    const at = unravel(number, counts);
    const cell = cellBox(
      grid,
      all.map((axis) => at[order.indexOf(axis)]),
    );
    yield { origin: cell.origin.map((start, axis) => origin[axis] + start), shape: cell.shape };
  }
}
