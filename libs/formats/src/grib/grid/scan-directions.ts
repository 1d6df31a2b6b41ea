/** Flags of the scanning mode (flag table 3.4 of edition 2, code table 8 of edition 1). */
const iNegative = 0x80;
const jPositive = 0x40;

/** Whether x grows, and y, from point to point in a scanning mode. */
export function directions(scan: number): { east: boolean; north: boolean } {
  return { east: (scan & iNegative) === 0, north: (scan & jPositive) !== 0 };
}
