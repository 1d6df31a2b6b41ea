import type { BitReader } from '../bit-reader.ts';
import { codecCorrupt } from '../codec-error.ts';

const longestCode = 20;

/** Reads one symbol. */
export type SymbolReader = (reader: BitReader) => number;

/** The lengths of the codes of `symbols` symbols: each as a difference to the one before, in steps of one. */
export function readCodeLengths(reader: BitReader, symbols: number): Uint8Array {
  const lengths = new Uint8Array(symbols);
  let length = reader.bits(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (;;) {
      if (length < 1 || length > longestCode) {
        throw codecCorrupt('bz2', `codes of 1 to ${longestCode} bits`, `${length} bits`);
      }
      if (reader.bits(1) === 0) break;
      length += reader.bits(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return lengths;
}

/** Canonical Huffman codes: shorter ones come first, and those of one length in the order of their symbols. */
export function symbolReader(lengths: Uint8Array): SymbolReader {
  const counts = new Uint16Array(longestCode + 1);
  for (const length of lengths) counts[length]++;
  const order = Uint16Array.from(lengths.keys()).sort((a, b) => lengths[a] - lengths[b] || a - b);
  return (reader) => {
    let code = 0;
    let first = 0;
    let place = 0;
    for (let length = 1; length <= longestCode; length++) {
      code |= reader.bits(1);
      const count = counts[length];
      if (code - first < count) return order[place + code - first];
      place += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw codecCorrupt('bz2', 'a code of its table', 'another one');
  };
}
