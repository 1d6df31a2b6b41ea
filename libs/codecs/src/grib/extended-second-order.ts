import type { Destination } from './field-values.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { type Scaling, scaleIntegers } from './scaling.ts';
import { firstOrderValues, unpackGroups } from './second-order.ts';
import type { Section } from './section.ts';
import { assertWidth, unpackBits } from './unpack-bits.ts';

/** What general extended second-order packing says of itself: in section 4 of GRIB 1, in section 5 of GRIB 2. */
export interface ExtendedOrder {
  scaling: Scaling;
  groupCount: number;
  firstOrderWidth: number;
  /** Bits of each width and each length of a group. */
  widthBits: number;
  lengthBits: number;
  differences: StoredDifferences;
  /** Where widths of groups begin, then lengths, first-order values and second-order values, each at a whole octet. */
  data: Section;
  octet: number;
}

/** Spatial differencing of order 0 to 3: the first values, as they are, and what to add to each difference. */
export interface StoredDifferences {
  first: readonly number[];
  bias: number;
}

/** ECMWF's general extended second-order packing, of GRIB 1 and as templates 5.50001 and 5.50002 of GRIB 2. */
export function unpackExtended(order: ExtendedOrder, destination: Destination): void {
  const { data, groupCount, differences } = order;
  const { coded } = destination;
  const grouped = coded - differences.first.length;
  if (groupCount > grouped) throw gribCorrupt(`at most ${grouped} groups of values`, String(groupCount));
  let octet = order.octet;
  const column = (width: number, what: string): Uint32Array => {
    assertWidth(width, what);
    data.requireBits(octet, width * groupCount, what);
    const values = new Uint32Array(groupCount);
    unpackBits(data.bytes, 8 * (octet - 1), width, groupCount, values);
    octet += Math.ceil((width * groupCount) / 8);
    return values;
  };
  const widths = column(order.widthBits, 'widths of groups');
  const lengths = column(order.lengthBits, 'lengths of groups');
  const firstOrder = firstOrderValues(data, octet, order.firstOrderWidth, groupCount);
  octet += Math.ceil((order.firstOrderWidth * groupCount) / 8);
  const integers = unpackGroups(data, octet, { widths, lengths, firstOrder }, grouped);
  scaleIntegers(sumUp(integers, differences), order.scaling, destination.open());
}

/** Reads the first values and the bias, `width` bits each; the bias has its sign in the first bit. */
export function storedDifferences(
  section: Section,
  octet: number,
  order: number,
  width: number,
): StoredDifferences {
  if (order > 3) throw gribUnsupported(`spatial differencing of order ${order}`);
  if (width === 0) throw gribCorrupt('first values of at least 1 bit', 'a width of 0');
  assertWidth(width, 'first values');
  section.requireBits(octet, width * (order + 1), 'first values');
  const numbers = new Uint32Array(order + 1);
  unpackBits(section.bytes, 8 * (octet - 1), width, order + 1, numbers);
  const signBit = 2 ** (width - 1);
  const bias = numbers[order] < signBit ? numbers[order] : signBit - numbers[order];
  return { first: [...numbers.subarray(0, order)], bias };
}

/** The first values, then the sums of the differences behind them. */
function sumUp(differences: Float64Array, { first, bias }: StoredDifferences): Float64Array {
  const order = first.length;
  if (order === 0) return differences;
  const sums = new Float64Array(order + differences.length);
  sums.set(first);
  // Differences of orders 0 to 3 of the last value: each next one adds up from the highest down.
  let [value, slope, curvature] = lastDifferences(first);
  for (let i = 0; i < differences.length; i++) {
    const difference = differences[i] + bias;
    if (order === 1) value += difference;
    else if (order === 2) {
      slope += difference;
      value += slope;
    } else {
      curvature += difference;
      slope += curvature;
      value += slope;
    }
    sums[order + i] = value;
  }
  return sums;
}

function lastDifferences(first: readonly number[]): [value: number, slope: number, curvature: number] {
  if (first.length === 1) return [first[0], 0, 0];
  if (first.length === 2) return [first[1], first[1] - first[0], 0];
  return [first[2], first[2] - first[1], first[2] - 2 * first[1] + first[0]];
}
