import type { Destination } from './field-values.ts';
import type { Scaling } from './scaling.ts';
import { unpackScaled } from './scaling.ts';
import type { Section } from './section.ts';
import { assertWidth } from './unpack-bits.ts';

/** Packed integers of one width, one for each value, from an octet of a data section on. */
interface PackedIntegers {
  data: Section;
  octet: number;
  width: number;
  scaling: Scaling;
}

/** Simple packing (template 7.0 of GRIB 2, regulation 92.6.4 of GRIB 1). Fields of width 0 are not for here. */
export function unpackSimple(
  { data, octet, width, scaling }: PackedIntegers,
  destination: Destination,
): void {
  assertWidth(width, 'packed integers');
  data.requireBits(octet, width * destination.coded, 'packed values');
  unpackScaled(data.view, 8 * (octet - 1), width, scaling, destination.open());
}
