import type { Resolution } from './subbands.ts';

/** Coefficients of the subbands of a resolution, in the order of its `bands`. */
export type BandValues = readonly Int32Array[];

/**
 * Makes an image of the one of half its extents and the subbands of high frequencies (ISO/IEC 15444-1, annex F.3): the reversible
 * 5-3 transform, along x and then along y.
 */
export function synthesise(low: Int32Array, [hl, lh, hh]: BandValues, resolution: Resolution): Int32Array {
  const { width, height } = resolution;
  const lowWidth = (width + 1) >> 1;
  const lowHeight = (height + 1) >> 1;
  const image = new Int32Array(width * height);
  const line = new Int32Array(Math.max(width, height));
  for (let y = 0; y < height; y++) {
    const isHigh = y >= lowHeight;
    const row = isHigh ? y - lowHeight : y;
    const left = (isHigh ? lh : low).subarray(row * lowWidth, (row + 1) * lowWidth);
    const right = (isHigh ? hh : hl).subarray(row * (width - lowWidth), (row + 1) * (width - lowWidth));
    for (let x = 0; x < lowWidth; x++) line[2 * x] = left[x];
    for (let x = 0; x < width - lowWidth; x++) line[2 * x + 1] = right[x];
    lift(line, width);
    // Rows of low and high frequencies take turns.
    const to = isHigh ? 2 * row + 1 : 2 * row;
    image.set(line.subarray(0, width), to * width);
  }
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) line[y] = image[y * width + x];
    lift(line, height);
    for (let y = 0; y < height; y++) image[y * width + x] = line[y];
  }
  return image;
}

/** Undoes both lifting steps in place (F.3.8.2); at the ends the line is reflected. */
function lift(line: Int32Array, length: number): void {
  if (length === 1) return;
  for (let i = 0; i < length; i += 2) {
    const before = line[i === 0 ? 1 : i - 1];
    const after = line[i + 1 < length ? i + 1 : i - 1];
    line[i] -= (before + after + 2) >> 2;
  }
  for (let i = 1; i < length; i += 2) {
    const after = line[i + 1 < length ? i + 1 : i - 1];
    line[i] += (line[i - 1] + after) >> 1;
  }
}
