import type { Destination } from './field-values.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { type Scaling, scaleIntegers, unpackGroup } from './scaling.ts';
import type { Section } from './section.ts';
import { assertWidth } from './unpack-bits.ts';
import { unpackColumn } from './unpack-column.ts';

/** Octet of section 4 where the widths of groups begin, in the packings without extensions. */
const widthsOctet = 22;

/** What second-order packing needs to know beside section 4. */
interface SecondOrder {
  data: Section;
  scaling: Scaling;
  /** Coded values in each row of the grid. */
  rows(): Uint32Array;
}

/**
 * Second-order packing of GRIB 1 (regulation 92.6.4 and its notes): each group of values has a first-order value, and
 * its values a second-order value of the group's width. Groups are rows of the grid, or begin where a secondary bitmap
 * has a bit.
 */
export function unpackSecondOrder(order: SecondOrder, destination: Destination): void {
  const { data } = order;
  const flags = data.uint(14, 1);
  const hasBitmap = (flags & 0x20) !== 0;
  const differentWidths = (flags & 0x10) !== 0;
  if (!hasBitmap && !differentWidths) throw gribUnsupported('second-order packing by rows of one width');
  const groupCount = data.uint(17, 2) + 65536 * data.uint(21, 1);
  const { coded } = destination;
  if (groupCount > coded)
    throw gribCorrupt(`at most ${coded} groups, one for each value`, String(groupCount));
  const widths = differentWidths ? listedWidths(data, groupCount) : equalWidths(data, groupCount);
  let octet = widthsOctet + (differentWidths ? groupCount : 1);
  let lengths: Uint32Array;
  if (hasBitmap) {
    assertCoded(data.uint(19, 2), coded);
    data.requireBits(octet, coded, 'a secondary bitmap');
    lengths = groupLengths(data.bytes.subarray(octet - 1), coded, groupCount);
    octet += Math.ceil(coded / 8);
  } else lengths = order.rows();
  const firstOrder = unpackColumn(data, octet, data.uint(11, 1), groupCount, 'first-order values');
  octet += Math.ceil((data.uint(11, 1) * groupCount) / 8);
  const integers = unpackGroups(data, octet, { widths, lengths, firstOrder }, coded);
  scaleIntegers(integers, order.scaling, destination.open());
}

function listedWidths(data: Section, count: number): Uint32Array {
  data.requireBits(widthsOctet, 8 * count, 'widths of groups');
  return Uint32Array.from(data.bytes.subarray(widthsOctet - 1, widthsOctet - 1 + count));
}

function equalWidths(data: Section, count: number): Uint32Array {
  return new Uint32Array(count).fill(data.uint(widthsOctet, 1));
}

/** Octets 19 and 20 have the last 16 bits of the number of values only. */
function assertCoded(stated: number, coded: number): void {
  if (stated !== coded % 65536) throw gribCorrupt(`${coded} second-order values`, `${stated} modulo 65536`);
}

/** How long each group is: from a bit of the secondary bitmap to the next. */
function groupLengths(bitmap: Uint8Array, coded: number, count: number): Uint32Array {
  const lengths = new Uint32Array(count);
  let group = -1;
  for (let i = 0; i < coded; i++) {
    group += (bitmap[i >>> 3] >>> (7 - (i & 7))) & 1;
    if (group < 0 || group >= count) {
      throw gribCorrupt(`a secondary bitmap of ${count} groups, the first at its begin`, 'another one');
    }
    lengths[group]++;
  }
  return lengths;
}

/** Groups of second-order values: of each the width of its values, their number, and its first-order value. */
interface ValueGroups {
  widths: Uint32Array;
  lengths: Uint32Array;
  firstOrder: Uint32Array;
}

/**
 * Sums of first- and second-order values of all groups, from an octet on without gaps. Throws FORMAT_CORRUPT unless they are
 * `coded` together.
 */
export function unpackGroups(data: Section, octet: number, groups: ValueGroups, coded: number): Float64Array {
  const { widths, lengths, firstOrder } = groups;
  if (lengths.length !== widths.length) {
    throw gribCorrupt(`${lengths.length} groups, one for each row`, `${widths.length} groups`);
  }
  let values = 0;
  let bits = 0;
  for (let group = 0; group < widths.length; group++) {
    assertWidth(widths[group], 'second-order values');
    values += lengths[group];
    bits += widths[group] * lengths[group];
  }
  if (values !== coded) throw gribCorrupt(`groups of ${coded} values together`, `${values} values`);
  data.requireBits(octet, bits, 'second-order values');
  const integers = new Float64Array(coded);
  let bit = 8 * (octet - 1);
  for (let group = 0, at = 0; group < widths.length; group++) {
    unpackGroup(data.view, bit, widths[group], lengths[group], firstOrder[group], integers, at);
    bit += widths[group] * lengths[group];
    at += lengths[group];
  }
  return integers;
}
