import type { FieldValues } from './field-values.ts';

/** Which points of a field have a value: a bit each, the highest of a byte first, 1 where there is one. */
export interface Bitmap {
  bytes: Uint8Array;
  /** How many of the first bits, as many as points, are 1. */
  present: number;
}

/** A bitmap of so many points; its bytes hold as many bits at least. */
export function makeBitmap(bytes: Uint8Array, points: number): Bitmap {
  let present = 0;
  const whole = points >>> 3;
  for (let i = 0; i < whole; i++) present += bitsSet[bytes[i]];
  const rest = points & 7;
  if (rest > 0) present += bitsSet[bytes[whole] >>> (8 - rest)];
  return { bytes, present };
}

const bitsSet = new Uint8Array(256);
for (let byte = 1; byte < 256; byte++) bitsSet[byte] = bitsSet[byte >>> 1] + (byte & 1);

/**
 * Moves values from the end of `values`, where the present ones are, to their points; the others become NaN. No value is
 * overwritten before it has moved: as many are left to move as are left to be filled at most.
 */
export function spread(values: FieldValues, { bytes, present }: Bitmap): void {
  let from = values.length - present;
  for (let i = 0; i < values.length; i++) {
    const isPresent = (bytes[i >>> 3] >>> (7 - (i & 7))) & 1;
    values[i] = isPresent === 1 ? values[from++] : Number.NaN;
  }
}
