import { cellCount, type MaskedArray, unravel } from '@hyperslab/array';
import { type Allocator, openRegion, type Region } from '@hyperslab/kernels';
import { chooseGrid } from '../plan/choose-grid.ts';
import { runsThrough } from '../plan/run-lengths.ts';
import { type Box, cellBox } from './box.ts';
import { evaluate } from './evaluate.ts';
import { alignedParts, type Leaf, leafKey, leavesOf } from './leaves.ts';
import { type BlockCache, loadLeaf } from './load-leaf.ts';
import { geometryOf, type PreparedPlan } from './prepared-plan.ts';
import type { TaskIo } from './task-io.ts';

/** Bytes of decoded input of a tile: it should be computed while the cache still has it. */
const defaultTileBytes = 8 * 2 ** 20;
/** A chunk larger than this is cut into several tiles, and decoded for each. */
const cutFactor = 8;
/** Tiles that are being read while one is computed: enough to hide the latency of an object store. */
const tilesAhead = 2;

/** Options that decide the order of additions, and so must be the same on all workers. */
export interface TaskOptions {
  /** @default 8 MiB */
  tileBytes?: number;
}

/** A part of a block with its values, and those of other operands; `box` is within the node. The values are there until the next tile is asked for. */
export interface Tile {
  box: Box;
  array: MaskedArray;
  others: MaskedArray[];
}

/** A tile on its way, and where what is read for it lies. */
interface Reading {
  box: Box;
  parts: Leaf[];
  values: Promise<Map<string, MaskedArray>>;
  memory: Region;
}

/**
 * Evaluates a part of the first of some nodes, and what the others have of it, in tiles of whole chunks, in row-major order. Memory is that of a few tiles. While one is
 * computed by the caller, the next are read.
 */
export async function* evaluateTiles(
  prepared: PreparedPlan,
  nodes: readonly number[],
  block: Box,
  io: TaskIo,
  { tileBytes = defaultTileBytes }: TaskOptions,
): AsyncGenerator<Tile> {
  const boxes = tileBoxes(prepared, nodes, block, tileBytes);
  const cache: BlockCache = new Map();
  const reading: Reading[] = [];
  const readNext = (): void => {
    const next = boxes.next();
    if (next.done) return;
    const memory = openRegion();
    const parts = alignedParts(prepared.plan.nodes, nodes, next.value);
    const values = load(prepared, parts, io, cache, memory);
    // A failure is thrown when its turn comes; until then it is no unhandled one.
    values.catch(() => undefined);
    reading.push({ box: next.value, parts, values, memory });
  };
  try {
    for (let i = 0; i <= tilesAhead; i++) readNext();
    for (let tile = reading.at(0); tile !== undefined; tile = reading.at(0)) {
      io.signal?.throwIfAborted();
      const loaded = await tile.values;
      readNext();
      const { box, parts, memory } = tile;
      const [array, ...others] = evaluate(prepared.plan.nodes, parts, loaded, memory);
      yield { box, array, others };
      reading.shift();
      tile.memory.release();
    }
  } finally {
    // What is still being read is still written to its memory.
    for (const { values, memory } of reading) {
      const release = () => memory.release();
      values.then(release, release);
    }
  }
}

async function load(
  prepared: PreparedPlan,
  parts: readonly Leaf[],
  io: TaskIo,
  cache: BlockCache,
  memory: Allocator,
): Promise<Map<string, MaskedArray>> {
  const leaves = leavesOf(prepared.plan.nodes, parts);
  const loading = leaves.map((leaf) => loadLeaf(prepared, leaf, io, cache, memory));
  // Not before all have ended: the others of one that fails still write to the memory.
  await Promise.allSettled(loading);
  const arrays = await Promise.all(loading);
  return new Map(leaves.map((leaf, i) => [leafKey(leaf), arrays[i]]));
}

function* tileBoxes(
  prepared: PreparedPlan,
  nodes: readonly number[],
  block: Box,
  tileBytes: number,
): Generator<Box> {
  const { chunks, bytes, whole } = geometryOf(prepared, nodes);
  const { origin, shape } = block;
  const grid = chooseGrid({
    shape,
    chunks: chunks.map((runs, axis) =>
      runsThrough(runs, { start: origin[axis], count: shape[axis], step: 1 }),
    ),
    bytes,
    whole,
    targetBytes: tileBytes,
    cutBytes: cutFactor * tileBytes,
    order: [...shape.keys()].reverse(),
  });
  const counts = grid.map(cellCount);
  const tiles = counts.reduce((product, count) => product * count, 1);
  for (let number = 0; number < tiles; number++) {
    const cell = cellBox(grid, unravel(number, counts));
    yield { origin: cell.origin.map((start, axis) => origin[axis] + start), shape: cell.shape };
  }
}
