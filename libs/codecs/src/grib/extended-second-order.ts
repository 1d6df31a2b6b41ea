import type { Destination } from './field-values.ts';
import { gribCorrupt } from './grib-error.ts';
import { type Scaling, scaleIntegers } from './scaling.ts';
import { unpackGroups } from './second-order.ts';
import type { Section } from './section.ts';
import { unpackColumn } from './unpack-column.ts';

// Octets of section 4, of which the manual does not tell: those that GRIBEX writes.
const octets = {
  firstOrderWidth: 11,
  groupCount: 17,
  groupCountHigh: 21,
  widthBits: 22,
  lengthBits: 23,
  differencesWidth: 26,
  differences: 27,
};

/** Spatial differencing of order 0 to 3: the first values, as they are, and what to add to each difference. */
interface StoredDifferences {
  first: readonly number[];
  bias: number;
  /** Where the groups begin. */
  nextOctet: number;
}

/**
 * ECMWF's general extended second-order packing: the lengths of groups are stored instead of a secondary bitmap, and values may
 * be differences of `order` 1 to 3.
 */
export function unpackExtended(
  data: Section,
  scaling: Scaling,
  order: number,
  destination: Destination,
): void {
  const differences = storedDifferences(data, order);
  const groupCount = data.uint(octets.groupCount, 2) + 65536 * data.uint(octets.groupCountHigh, 1);
  const grouped = destination.coded - order;
  if (groupCount > grouped) throw gribCorrupt(`at most ${grouped} groups of values`, String(groupCount));
  // Widths, lengths, first-order values and second-order values each begin at a whole octet.
  let octet = differences.nextOctet;
  const column = (width: number, what: string): Uint32Array => {
    const values = unpackColumn(data, octet, width, groupCount, what);
    octet += Math.ceil((width * groupCount) / 8);
    return values;
  };
  const widths = column(data.uint(octets.widthBits, 1), 'widths of groups');
  const lengths = column(data.uint(octets.lengthBits, 1), 'lengths of groups');
  const firstOrder = column(data.uint(octets.firstOrderWidth, 1), 'first-order values');
  const integers = unpackGroups(data, octet, { widths, lengths, firstOrder }, grouped);
  scaleIntegers(sumUp(integers, differences), scaling, destination.open());
}

/** The first values, and the bias, whose first bit is its sign. */
function storedDifferences(data: Section, order: number): StoredDifferences {
  if (order === 0) return { first: [], bias: 0, nextOctet: octets.differencesWidth };
  const width = data.uint(octets.differencesWidth, 1);
  if (width === 0) throw gribCorrupt('first values of at least 1 bit', 'a width of 0');
  const numbers = unpackColumn(data, octets.differences, width, order + 1, 'first values');
  const signBit = 2 ** (width - 1);
  return {
    first: [...numbers.subarray(0, order)],
    bias: numbers[order] < signBit ? numbers[order] : signBit - numbers[order],
    nextOctet: octets.differences + Math.ceil((width * (order + 1)) / 8),
  };
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
