import type { Destination } from './field-values.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { scaleIntegers, scalingOf, unpackGroup } from './scaling.ts';
import type { Section } from './section.ts';
import { undoDifferences } from './spatial-differencing.ts';
import { assertWidth } from './unpack-bits.ts';
import { unpackColumn } from './unpack-column.ts';

const dataOctet = 6;

/** Groups of values (template 5.2): what section 5 says of them. */
interface Groups {
  count: number;
  /** Width of the references of groups. */
  referenceWidth: number;
  /** Smallest width of values, and how many bits tell how much wider those of a group are. */
  leastWidth: number;
  widthBits: number;
  /** Smallest length, what the stored part of a length counts, and how many bits it has. */
  leastLength: number;
  lengthStep: number;
  lengthBits: number;
  lastLength: number;
  /** How many of the highest integers of a width mean "missing" (code table 5.5). */
  missingKinds: 0 | 1 | 2;
}

/** Order of differencing and octets of each number that it needs (template 5.3). */
interface Differencing {
  order: 0 | 1 | 2;
  octets: number;
}

/** Complex packing (template 7.2) and complex packing with spatial differencing (template 7.3). Missing values are NaN. */
export function unpackComplex(
  representation: Section,
  data: Section,
  differenced: boolean,
  destination: Destination,
): void {
  const groups = groupsOf(representation);
  const { order, octets } = differenced ? differencingOf(representation) : { order: 0, octets: 0 };
  const scaling = scalingOf(representation);
  if (groups.count === 0) {
    // No group, and no extra descriptor, of a field whose values are all the reference value.
    destination.open().fill(scaling.reference);
    return;
  }
  const descriptorOctets = octets * (order + 1);
  data.requireBits(dataOctet, 8 * descriptorOctets, 'descriptors of spatial differencing');
  const integers = unpackGroups(data, dataOctet + descriptorOctets, groups, destination.coded);
  if (order !== 0) {
    const descriptor = (i: number) => bigEndian(data.bytes, dataOctet - 1 + i * octets, octets);
    const first = Array.from({ length: order }, (_, i) => descriptor(i));
    undoDifferences(integers, first, signedMagnitude(descriptor(order), octets));
  }
  scaleIntegers(integers, scaling, destination.open());
}

function groupsOf(section: Section): Groups {
  const missingKinds = section.uint(23, 1);
  if (missingKinds > 2) throw gribUnsupported(`missing value management ${missingKinds}`);
  return {
    count: section.uint(32, 4),
    referenceWidth: section.uint(20, 1),
    leastWidth: section.uint(36, 1),
    widthBits: section.uint(37, 1),
    leastLength: section.uint(38, 4),
    lengthStep: section.uint(42, 1),
    lastLength: section.uint(43, 4),
    lengthBits: section.uint(47, 1),
    missingKinds: missingKinds as 0 | 1 | 2,
  };
}

function differencingOf(section: Section): Differencing {
  const order = section.uint(48, 1);
  const octets = section.uint(49, 1);
  if (order !== 1 && order !== 2) throw gribUnsupported(`spatial differencing of order ${order}`);
  if (octets > 6) throw gribUnsupported(`a descriptor of spatial differencing of ${octets} octets`);
  return { order, octets };
}

/** References, widths and lengths of all groups, each from a whole octet on, then the values of all groups without gaps. */
function unpackGroups(data: Section, octet: number, groups: Groups, coded: number): Float64Array {
  const { count } = groups;
  const column = (at: number, width: number, what: string): { values: Uint32Array; next: number } => {
    const values = unpackColumn(data, at, width, count, what);
    return { values, next: at + Math.ceil((width * count) / 8) };
  };
  if (count > coded) throw gribCorrupt(`at most ${coded} groups, one for each value`, String(count));
  const references = column(octet, groups.referenceWidth, 'references of groups');
  const widths = column(references.next, groups.widthBits, 'widths of groups');
  const lengths = column(widths.next, groups.lengthBits, 'lengths of groups');
  const plan = planGroups(groups, widths.values, lengths.values);
  if (plan.values !== coded) throw gribCorrupt(`groups of ${coded} values together`, `${plan.values} values`);
  data.requireBits(lengths.next, plan.bits, 'values of groups');
  const integers = new Float64Array(coded);
  let bit = 8 * (lengths.next - 1);
  for (let group = 0, at = 0; group < count; group++) {
    const width = widths.values[group];
    const length = lengths.values[group];
    unpackGroup(data.view, bit, width, length, references.values[group], integers, at);
    if (groups.missingKinds > 0) markMissing(integers, at, length, width, references.values[group], groups);
    bit += width * length;
    at += length;
  }
  return integers;
}

/** Makes widths and lengths of what is stored of them, and adds up how many values and bits these are. */
function planGroups(
  groups: Groups,
  widths: Uint32Array,
  lengths: Uint32Array,
): { values: number; bits: number } {
  let values = 0;
  let bits = 0;
  const last = groups.count - 1;
  for (let group = 0; group <= last; group++) {
    const width = widths[group] + groups.leastWidth;
    assertWidth(width, 'values of a group');
    const length =
      group === last ? groups.lastLength : lengths[group] * groups.lengthStep + groups.leastLength;
    widths[group] = width;
    lengths[group] = length;
    values += length;
    bits += width * length;
  }
  return { values, bits };
}

/** NaN for integers that stand for a missing value: the highest, or two highest, of a group's width. */
function markMissing(
  integers: Float64Array,
  at: number,
  length: number,
  width: number,
  reference: number,
  { referenceWidth, missingKinds }: Groups,
): void {
  // A group of width 0 has its reference alone, which then is the highest of the width of references.
  const highest = width === 0 ? 2 ** referenceWidth - 1 : reference + 2 ** width - 1;
  const lowestMissing = highest - (missingKinds - 1);
  for (let i = at; i < at + length; i++) {
    if (integers[i] >= lowestMissing) integers[i] = Number.NaN;
  }
}

function bigEndian(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0;
  for (let i = 0; i < octets; i++) value = value * 256 + bytes[at + i];
  return value;
}

function signedMagnitude(value: number, octets: number): number {
  const signBit = 2 ** (8 * octets - 1);
  return octets === 0 || value < signBit ? value : signBit - value;
}
