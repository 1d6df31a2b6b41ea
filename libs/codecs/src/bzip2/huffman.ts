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
  // For each length, what the next bits are below if their code is that long, and the number of the code that begins with zeros.
  const ends = new Uint32Array(longestCode + 1);
  const places = new Int32Array(longestCode + 1);
  for (let length = 1, first = 0, place = 0; length <= longestCode; length++) {
    places[length] = place - first;
    place += counts[length];
    ends[length] = (first + counts[length]) * 2 ** (longestCode - length);
    first = (first + counts[length]) * 2;
  }
  return (reader) => {
    const bits = reader.peek(longestCode);
    for (let length = 1; length <= longestCode; length++) {
      if (bits >= ends[length]) continue;
      const symbol = order[places[length] + (bits >>> (longestCode - length))];
      if (symbol === undefined) break;
      reader.skip(length);
      return symbol;
    }
    throw codecCorrupt('bz2', 'a code of its table', 'another one');
  };
}
