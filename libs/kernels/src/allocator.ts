import { allocateValues, type NumericValues } from '@hyperslab/array';

/** Where arrays are made: in ordinary memory, or in a region of the arena, which is freed as a whole. */
export interface Allocator {
  /** An array whose elements may be anything. */
  array(dtype: string, count: number): NumericValues;
  /** An array of zeros. */
  zeros(dtype: string, count: number): NumericValues;
}

/** Memory that the garbage collector frees. */
export const ordinaryMemory: Allocator = { array: allocateValues, zeros: allocateValues };
