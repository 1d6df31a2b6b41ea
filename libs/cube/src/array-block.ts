import { encodeArray, type MaskedArray } from '@hyperslab/array';
import type { ArrayBlock } from '@hyperslab/proto/array';

/** An array as the message that carries it; shares memory with fixed-width values. */
export function arrayBlock(array: MaskedArray): ArrayBlock {
  const { dtype, shape, data, mask } = encodeArray(array);
  return { dtype, shape, data: asBuffer(data), mask: asBuffer(mask) };
}

/** The same bytes as the Buffer that generated messages ask for. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
