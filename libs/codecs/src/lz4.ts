import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt } from './codec-error.ts';
import { allocateDecoded } from './copy-match.ts';
import { decodeLz4Block, lz4LargestRatio } from './lz4-block.ts';

const headerBytes = 4;

/** LZ4 as numcodecs and Zarr have it ("lz4"): the decoded length as uint32 little-endian, then one block. Only read. */
export const lz4Codec: Codec = {
  name: 'lz4',
  decode,
  encodedBound: (decodedLength) => headerBytes + decodedLength + Math.ceil(decodedLength / 255) + 16,
};

function decode(bytes: Uint8Array, _configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  if (bytes.length < headerBytes)
    throw codecCorrupt('lz4', `at least ${headerBytes} bytes`, `${bytes.length}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > decodedLength)
    throw codecCorrupt('lz4', `at most ${decodedLength} bytes to come out`, `${length}`);
  const block = bytes.subarray(headerBytes);
  const out = allocateDecoded('lz4', length, block.length, lz4LargestRatio);
  decodeLz4Block('lz4', block, out);
  return out;
}
