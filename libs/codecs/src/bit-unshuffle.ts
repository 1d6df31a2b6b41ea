/**
 * Undoes the transposition of bits of the bitshuffle library: `bytes` holds the lowest bit of the first byte of all
 * elements, then the next bit, … then the same of the second byte. The number of elements must be a multiple of 8.
 */
export function bitUnshuffle(bytes: Uint8Array, out: Uint8Array, width: number): void {
  const groups = Math.floor(bytes.length / width / 8);
  for (let byte = 0; byte < width; byte++) {
    const plane = 8 * byte * groups;
    for (let group = 0; group < groups; group++) {
      const at = plane + group;
      let low =
        bytes[at] |
        (bytes[at + groups] << 8) |
        (bytes[at + 2 * groups] << 16) |
        (bytes[at + 3 * groups] << 24);
      let high =
        bytes[at + 4 * groups] |
        (bytes[at + 5 * groups] << 8) |
        (bytes[at + 6 * groups] << 16) |
        (bytes[at + 7 * groups] << 24);
      // A matrix of 8 by 8 bits is transposed by exchanging ever larger squares of it: 1, 2, then 4 bits wide.
      let exchanged = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= exchanged ^ (exchanged << 7);
      exchanged = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= exchanged ^ (exchanged << 7);
      exchanged = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= exchanged ^ (exchanged << 14);
      exchanged = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= exchanged ^ (exchanged << 14);
      const first = (low & 0x0f0f0f0f) | ((high << 4) & 0xf0f0f0f0);
      const second = ((low >>> 4) & 0x0f0f0f0f) | (high & 0xf0f0f0f0);
      const to = 8 * group * width + byte;
      out[to] = first;
      out[to + width] = first >>> 8;
      out[to + 2 * width] = first >>> 16;
      out[to + 3 * width] = first >>> 24;
      out[to + 4 * width] = second;
      out[to + 5 * width] = second >>> 8;
      out[to + 6 * width] = second >>> 16;
      out[to + 7 * width] = second >>> 24;
    }
  }
}
