import type { Destination } from './field-values.ts';
import { gribUnsupported } from './grib-error.ts';
import type { Section } from './section.ts';

/** IEEE numbers from an octet on, big-endian (template 7.4); `precision` is of code table 5.7: 1 single, 2 double. */
export function unpackIeee(data: Section, octet: number, precision: number, destination: Destination): void {
  if (precision !== 1 && precision !== 2) throw gribUnsupported(`IEEE packing of precision ${precision}`);
  const width = 4 * precision;
  data.requireBits(octet, 8 * width * destination.coded, 'IEEE numbers');
  const values = destination.open();
  const view = new DataView(data.bytes.buffer, data.bytes.byteOffset + octet - 1);
  if (precision === 1) for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i);
  else for (let i = 0; i < values.length; i++) values[i] = view.getFloat64(8 * i);
}
