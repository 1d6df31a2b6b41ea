import { codecCorrupt } from '../codec-error.ts';

/** Words of the field header: its length in words, the binary exponent of its precision, columns and rows. */
export const fieldHeaderWords = 3;

/**
 * The 32-bit words of a packed field in the order in which they were packed. They are big-endian; a file of little-endian
 * words has each of 4 or of 8 bytes reversed. Which of it is true, the numbers of columns and rows in the header tell.
 * Throws FORMAT_CORRUPT.
 */
export function wgdosWords(bytes: Uint8Array, rows: number, columns: number): Uint32Array {
  const count = Math.floor(bytes.length / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const orders = [
    (i: number) => view.getUint32(4 * i, false),
    (i: number) => view.getUint32(4 * i, true),
    (i: number) => view.getUint32(4 * (i ^ 1), true),
  ];
  const extent = ((columns << 16) | rows) >>> 0;
  // The last order takes words in pairs, so it needs a fourth one.
  const fits = (order: (i: number) => number) => order(2) === extent && order(0) <= count;
  const found = orders.find((order, i) => count >= (i === 2 ? 4 : fieldHeaderWords) && fits(order));
  if (found === undefined) {
    throw codecCorrupt(
      'pp_wgdos',
      `a packed field of ${rows} rows of ${columns} columns in ${count} words`,
      `a header of ${Buffer.from(bytes.subarray(0, 12)).toString('hex')}`,
    );
  }
  const words = new Uint32Array(found === orders[2] ? count - (count % 2) : count);
  for (let i = 0; i < words.length; i++) words[i] = found(i);
  return words;
}
