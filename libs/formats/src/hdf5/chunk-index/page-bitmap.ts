/** Whether a page of a chunk array was ever written: its bit, counted from the highest of the first byte. */
export function isPageWritten(bitmap: Uint8Array, page: number): boolean {
  return ((bitmap[page >> 3] >> (7 - (page & 7))) & 1) !== 0;
}
