import type { Destination } from './field-values.ts';
import { gribCorrupt } from './grib-error.ts';
import { readPng } from './png.ts';
import { type Scaling, unpackScaled } from './scaling.ts';
import type { Section } from './section.ts';

/** PNG (template 7.41): an image whose samples, or samples of all its channels together, are the packed integers. */
export function unpackPng(data: Section, scaling: Scaling, destination: Destination): void {
  const { rows, rowBytes, width, height, depth } = readPng(data.bytes.subarray(5), destination.coded);
  if (width * height !== destination.coded) {
    throw gribCorrupt(`an image of ${destination.coded} points`, `one of ${width} × ${height}`);
  }
  const values = destination.open();
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
  // Each row begins at a whole byte.
  for (let row = 0; row < height; row++) {
    const target = values.subarray(row * width, (row + 1) * width);
    unpackScaled(view, 8 * row * rowBytes, depth, scaling, target);
  }
}
