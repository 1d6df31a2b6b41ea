import {
  allocateValues,
  type DataType,
  elementCount,
  gridCell,
  gridShape,
  isBigInt,
  type MaskedArray,
  type RunLengths,
  unravel,
} from '@hyperslab/array';
import { cut } from '../src/rechunk/fragment.ts';
import type { ResultBox } from '../src/result.ts';

/** Values that tell their places; every seventh is missing. */
export function rangeArray(dtype: DataType, shape: readonly number[]): MaskedArray & { mask: Uint8Array } {
  const count = elementCount(shape);
  const mask = Uint8Array.from({ length: count }, (_, i) => (i % 7 === 3 ? 1 : 0));
  if (dtype === 'string')
    return { dtype, shape: [...shape], values: Array.from({ length: count }, (_, i) => `n${i}`), mask };
  const values = allocateValues(dtype, count);
  for (let i = 0; i < count; i++) values[i] = isBigInt(dtype) ? BigInt(i) : i % 100;
  return { dtype, shape: [...shape], values, mask };
}

/** An array cut into blocks, in row-major order of their grid. */
export function blocksOf(array: MaskedArray, grid: readonly RunLengths[]): ResultBox[] {
  const extents = gridShape(grid);
  const whole = { ...array, origin: array.shape.map(() => 0) };
  return Array.from({ length: elementCount(extents) }, (_, number) => {
    return cut(whole, gridCell(grid, unravel(number, extents)));
  });
}
