import type { BitReader } from '../bit-reader.ts';
import { codecCorrupt, codecUnsupported } from '../codec-error.ts';
import { readCodeLengths, symbolReader } from './huffman.ts';

const symbolsPerTable = 50;
const mostTables = 6;

/** The bytes of a block after the Burrows-Wheeler transform was undone: runs of four are still followed by a count. */
export function readBlock(reader: BitReader, mostBytes: number): Uint8Array {
  if (reader.bits(1) === 1)
    throw codecUnsupported('bz2', 'a randomised block, which bzip2 0.9 wrote, is not read');
  const origin = reader.bits(24);
  const used = readUsedBytes(reader);
  const permuted = readSymbols(reader, used, mostBytes);
  if (origin >= permuted.length) {
    throw codecCorrupt('bz2', `an origin within ${permuted.length} bytes`, String(origin));
  }
  return undoTransform(permuted, origin);
}

/** Which bytes occur, in two levels of 16 bits. */
function readUsedBytes(reader: BitReader): Uint8Array {
  const groups = reader.bits(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if (((groups >> (15 - group)) & 1) === 0) continue;
    const bits = reader.bits(16);
    for (let i = 0; i < 16; i++) if (((bits >> (15 - i)) & 1) === 1) used.push(16 * group + i);
  }
  if (used.length === 0) throw codecCorrupt('bz2', 'a block in which some byte occurs', 'none');
  return Uint8Array.from(used);
}

/** Undoes Huffman coding, runs of the front byte, and move-to-front. */
function readSymbols(reader: BitReader, used: Uint8Array, mostBytes: number): Uint8Array {
  const symbols = used.length + 2;
  const endOfBlock = symbols - 1;
  const tables = reader.bits(3);
  if (tables < 2 || tables > mostTables)
    throw codecCorrupt('bz2', `2 to ${mostTables} tables`, String(tables));
  const selectors = readSelectors(reader, tables);
  const readers = Array.from({ length: tables }, () => symbolReader(readCodeLengths(reader, symbols)));
  const front = used.slice();
  const out = new Uint8Array(mostBytes);
  let to = 0;
  let run = 0;
  let weight = 1;
  for (let i = 0; ; i++) {
    const selector = selectors[Math.floor(i / symbolsPerTable)];
    if (selector === undefined)
      throw codecCorrupt('bz2', 'the end of a block', 'more symbols than tables are given for');
    const symbol = readers[selector](reader);
    // Two symbols write the length of a run in bijective base 2.
    if (symbol <= 1) {
      run += weight << symbol;
      weight = run > mostBytes ? 0 : weight << 1;
      continue;
    }
    if (run > mostBytes - to)
      throw codecCorrupt('bz2', `a block of at most ${mostBytes} bytes`, 'a longer one');
    out.fill(front[0], to, to + run);
    to += run;
    run = 0;
    weight = 1;
    if (symbol === endOfBlock) return out.subarray(0, to);
    if (to === mostBytes) throw codecCorrupt('bz2', `a block of at most ${mostBytes} bytes`, 'a longer one');
    const byte = front[symbol - 1];
    // Most moves are short: a call would cost more than the loop.
    if (symbol > 16) front.copyWithin(1, 0, symbol - 1);
    else for (let place = symbol - 1; place > 0; place--) front[place] = front[place - 1];
    front[0] = byte;
    out[to++] = byte;
  }
}

/** Which table each 50 symbols are coded with, moved to the front. */
function readSelectors(reader: BitReader, tables: number): Uint8Array {
  const selectors = new Uint8Array(reader.bits(15));
  const front = Array.from({ length: tables }, (_, i) => i);
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (reader.bits(1) === 1) place++;
    if (place >= tables) throw codecCorrupt('bz2', `one of ${tables} tables`, String(place));
    const [table] = front.splice(place, 1);
    front.unshift(table);
    selectors[i] = table;
  }
  return selectors;
}

function undoTransform(permuted: Uint8Array, origin: number): Uint8Array {
  const starts = new Uint32Array(257);
  for (const byte of permuted) starts[byte + 1]++;
  for (let byte = 0; byte < 256; byte++) starts[byte + 1] += starts[byte];
  const following = new Uint32Array(permuted.length);
  for (let i = 0; i < permuted.length; i++) following[starts[permuted[i]]++] = i;
  const out = new Uint8Array(permuted.length);
  let at = following[origin];
  for (let i = 0; i < out.length; i++) {
    out[i] = permuted[at];
    at = following[at];
  }
  return out;
}
