import {
  cellCount,
  elementCount,
  giveBack,
  type MaskedArray,
  type NumericValues,
  unravel,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type Allocator, convert, openRegion } from '@hyperslab/kernels';
import { takeRanges } from '../resolve/coordinate-data.ts';
import { decodeBlock, numericBlockLength } from './block-format.ts';
import { partsWithin } from './block-parts.ts';
import { cellBox } from './box.ts';
import { constantPart, isConstant } from './constants.ts';
import { blocksOf, sourceRanges } from './leaves.ts';
import { decodePart, partOf } from './part-format.ts';
import type { Leaf } from './part-map.ts';
import { Pieces } from './pieces.ts';
import { inlineSource, type PreparedPlan } from './prepared-plan.ts';
import type { DecodeSource, TaskIo } from './task-io.ts';
import { partOfLeaf } from './tile-parts.ts';

/** Blocks of earlier stages that a task has read, so that its tiles need not read them again. */
export type BlockCache = Map<string, Promise<MaskedArray>>;

/** As many blocks stay decoded: tiles that follow each other mostly need the same few. */
const cachedBlocks = 4;

/** What makes the values of a part of a node that is constant, or that the plan carries; undefined for one that is to be fetched. */
export function heldLeaf(prepared: PreparedPlan, leaf: Leaf): DecodeSource | undefined {
  if (isConstant(prepared, leaf.node)) return (into) => constantPart(prepared, leaf, into);
  const { kind } = prepared.plan.nodes[leaf.node];
  if (kind?.$case !== 'read') return undefined;
  const carried = inlineSource(prepared, kind.value.source);
  if (carried === undefined) return undefined;
  return () => takeRanges(carried, sourceRanges(kind.value, leaf.box), kind.value.droppedDimensions);
}

/** A part of a node, fetched if it is not held: what is stored of it comes to `memory`. The answer makes its values. */
export async function fetchLeaf(
  prepared: PreparedPlan,
  leaf: Leaf,
  io: TaskIo,
  cache: BlockCache,
  memory: Allocator,
): Promise<DecodeSource> {
  const held = heldLeaf(prepared, leaf);
  if (held !== undefined) return held;
  const node = prepared.plan.nodes[leaf.node];
  if (node.kind?.$case === 'exchange') {
    const array = await loadParts(prepared, leaf, io, memory);
    return () => array;
  }
  if (node.kind?.$case !== 'read') {
    const array = await loadBlocks(prepared, leaf, io, cache, memory);
    return () => array;
  }
  const ranges = sourceRanges(node.kind.value, leaf.box);
  const decode = await io.fetchSource(node.kind.value.source, ranges, memory, io.signal);
  return (into) => asPlanned(decode(into), node.dtype, leaf.box.shape);
}

/** An array under the shape that the plan has for it, without dropped dimensions, and in its type. */
function asPlanned(array: MaskedArray, dtype: string, shape: number[]): MaskedArray {
  if (array.values.length !== elementCount(shape)) {
    throw new HyperslabError(
      'INTERNAL',
      `source gave ${array.values.length} values, expected shape [${shape.join(', ')}]`,
    );
  }
  if (array.dtype === dtype) return { ...array, shape };
  const values = convert(array.values as NumericValues, array.dtype, dtype);
  return { dtype: dtype as MaskedArray['dtype'], shape, values, mask: array.mask };
}

async function loadBlocks(
  prepared: PreparedPlan,
  leaf: Leaf,
  io: TaskIo,
  cache: BlockCache,
  memory: Allocator,
): Promise<MaskedArray> {
  const { box } = leaf;
  const { stage, tasks } = blocksOf(prepared, leaf);
  const { grid } = prepared.made.get(leaf.node)!;
  const counts = grid.map(cellCount);
  const node = prepared.plan.nodes[leaf.node];
  if (tasks.length === 1) {
    const block = await readCached(stage, tasks[0], io, cache);
    const whole = { node: leaf.node, box: cellBox(grid, unravel(tasks[0], counts)) };
    return partOfLeaf(whole, block, box, memory);
  }
  const pieces = new Pieces(node.dtype, box, memory);
  for (const task of tasks)
    pieces.add(await readCached(stage, task, io, cache), cellBox(grid, unravel(task, counts)));
  return pieces.array;
}

/** A part of an exchange, of parts of the blocks that its stage made. */
async function loadParts(
  prepared: PreparedPlan,
  leaf: Leaf,
  io: TaskIo,
  memory: Allocator,
): Promise<MaskedArray> {
  const { box } = leaf;
  const { stage, tasks } = blocksOf(prepared, leaf);
  const { grid, partGrid = [] } = prepared.made.get(leaf.node)!;
  const counts = grid.map(cellCount);
  const wanted = tasks.flatMap((task) =>
    partsWithin(cellBox(grid, unravel(task, counts)), partGrid, box).map((within) => ({ task, ...within })),
  );
  const parts = { tasks: wanted.map(({ task }) => task), parts: wanted.map(({ part }) => part) };
  const block = await io.readParts(stage, parts);
  const { dtype } = prepared.plan.nodes[leaf.node];
  const pieces = new Pieces(dtype, box, memory);
  wanted.forEach(({ place }, number) => {
    using decoded = openRegion();
    const most = numericBlockLength(dtype, place.shape, true);
    pieces.add(decodePart(partOf(block, number).bytes, most, decoded), place);
  });
  // They are of this leaf alone, and copied: a large block need not wait for the collector.
  giveBack(block);
  return pieces.array;
}

function readCached(stage: number, task: number, io: TaskIo, cache: BlockCache): Promise<MaskedArray> {
  const key = `${stage}/${task}`;
  let block = cache.get(key);
  if (block === undefined) {
    block = io.readBlock(stage, task).then((bytes) => decodeBlock(bytes)[0]);
    cache.set(key, block);
    if (cache.size > cachedBlocks) cache.delete(cache.keys().next().value!);
  }
  return block;
}
