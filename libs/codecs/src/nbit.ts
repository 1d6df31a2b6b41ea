import { BitReader } from './bit-reader.ts';
import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt, codecUnsupported } from './codec-error.ts';
import { positiveInteger } from './configuration.ts';

/**
 * HDF5's n-bit filter (H5Z_FILTER_NBIT, 5) of elements of one atomic type, also those of arrays of it: only their
 * significant bits are stored, one element after the other, the most significant first. Configuration: `size` of an element
 * in bytes, its `precision` and bit `offset`, and `endian`, all as the datatype has them. The other bits come out as zeros.
 * Only read.
 */
export const nbitCodec: Codec = {
  name: 'nbit',
  decode,
  // The filter leaves a byte more than it fills.
  encodedBound: (decodedLength) => decodedLength + 1,
};

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const size = positiveInteger('nbit', configuration, 'size');
  const precision = positiveInteger('nbit', configuration, 'precision');
  const offset = Number(configuration.offset ?? 0);
  if (!(offset >= 0 && offset + precision <= 8 * size)) {
    throw codecUnsupported('nbit', `expected ${precision} bits from bit ${offset} within ${size} bytes`);
  }
  const count = Math.floor(decodedLength / size);
  if (count * precision > 8 * bytes.length) {
    throw codecCorrupt('nbit', `${count} elements of ${precision} bits`, `${bytes.length} bytes`);
  }
  const out = new Uint8Array(count * size);
  const reader = new BitReader('nbit', bytes);
  const isBig = configuration.endian === 'big';
  const highest = Math.floor((offset + precision - 1) / 8);
  const lowest = Math.floor(offset / 8);
  for (let element = 0; element < out.length; element += size) {
    for (let byte = highest; byte >= lowest; byte--) {
      const from = Math.max(offset, 8 * byte);
      const to = Math.min(offset + precision, 8 * (byte + 1));
      const value = reader.bits(to - from) << (from - 8 * byte);
      out[element + (isBig ? size - 1 - byte : byte)] = value;
    }
  }
  return out;
}
