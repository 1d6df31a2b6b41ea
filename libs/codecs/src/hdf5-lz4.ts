import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt } from './codec-error.ts';
import { allocateDecoded } from './copy-match.ts';
import { LengthPrefixed } from './length-prefixed.ts';
import { decodeLz4Block, lz4LargestRatio } from './lz4-block.ts';

/**
 * HDF5's LZ4 filter (32004): decoded length as uint64 and bytes of a block as uint32, both big-endian; then blocks of
 * LZ4, each after its stored length. A block that did not become smaller is stored as it is. Only read.
 */
export const hdf5Lz4Codec: Codec = {
  name: 'hdf5_lz4',
  decode,
  // Blocks may be as small as one byte, with four bytes before each.
  encodedBound: (decodedLength) => 12 + 5 * decodedLength + 4,
};

function decode(bytes: Uint8Array, _configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const parts = new LengthPrefixed('hdf5_lz4', bytes, decodedLength);
  const { length, blockBytes } = parts;
  const out = allocateDecoded('hdf5_lz4', length, bytes.length, lz4LargestRatio);
  if (length > 0 && blockBytes === 0) throw codecCorrupt('hdf5_lz4', 'blocks of at least one byte', '0');
  for (let at = 0; at < length; at += blockBytes) {
    const block = out.subarray(at, Math.min(length, at + blockBytes));
    const stored = parts.next();
    if (stored.length === block.length) block.set(stored);
    else decodeLz4Block('hdf5_lz4', stored, block);
  }
  return out;
}
