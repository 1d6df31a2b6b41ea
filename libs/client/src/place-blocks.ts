import {
  allocateValues,
  copyRegion,
  type DataType,
  elementCount,
  giveBack,
  type MaskedArray,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ResultBlock } from './result-blocks.ts';

/** An array that is filled block by block. */
export interface PlacedArray {
  array: MaskedArray;
  /** Takes a block over: its memory is the array's, or has been given back. */
  place(block: ResultBlock): void;
}

/** An empty array for blocks. Throws TOO_LARGE when it does not fit into one buffer of this process. */
export function placeBlocks(dtype: DataType, shape: readonly number[]): PlacedArray {
  const array: MaskedArray = { dtype, shape: [...shape], values: allocate(dtype, shape) };
  return { array, place: (block) => placeBlock(array, block) };
}

function placeBlock(array: MaskedArray, block: ResultBlock): void {
  // One block that is all of it needs no copy.
  if (block.shape.every((extent, axis) => extent === array.shape[axis])) {
    array.values = block.values;
    array.mask = block.mask;
    return;
  }
  const from = { arrayShape: block.shape, origin: block.shape.map(() => 0) };
  const to = { arrayShape: array.shape, origin: block.origin };
  copyRegion(block.values, from, array.values, to, block.shape);
  if (!Array.isArray(block.values)) giveBack(block.values);
  if (block.mask === undefined) return;
  array.mask ??= new Uint8Array(elementCount(array.shape));
  copyRegion(block.mask, from, array.mask, to, block.shape);
  giveBack(block.mask);
}

function allocate(dtype: DataType, shape: readonly number[]): MaskedArray['values'] {
  const count = elementCount(shape);
  try {
    return dtype === 'string' ? new Array<string>(count).fill('') : allocateValues(dtype, count);
  } catch (error) {
    throw new HyperslabError(
      'TOO_LARGE',
      `a result of ${count} values of ${dtype} does not fit into memory; select less of it, or take it block by block`,
      { shape: shape.join(' ') },
      error,
    );
  }
}
