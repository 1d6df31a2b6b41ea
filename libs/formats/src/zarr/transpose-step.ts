import type { Codec } from '@hyperslab/proto/array';

/** The codec that permutes the dimensions of chunks of a shape, whose elements have `itemSize` bytes. */
export function transposeStep(order: readonly number[], shape: readonly number[], itemSize: number): Codec {
  return { name: 'transpose', configuration: JSON.stringify({ order, shape, itemsize: itemSize }) };
}
