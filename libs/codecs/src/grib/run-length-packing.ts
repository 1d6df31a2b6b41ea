import type { Destination } from './field-values.ts';
import { gribCorrupt } from './grib-error.ts';
import type { Section } from './section.ts';
import { assertWidth, unpackBits } from './unpack-bits.ts';

const dataOctet = 6;
const levelsOctet = 18;

/**
 * Run length packing with level values (template 7.200). A number up to the highest level begins a run: level 0 is
 * missing, others stand for a value of section 5. Higher numbers behind it are the digits of its length less 1, the lowest first.
 */
export function unpackRunLength(representation: Section, data: Section, destination: Destination): void {
  const width = representation.uint(12, 1);
  assertWidth(width, 'run lengths');
  const highest = representation.uint(13, 2);
  const levels = levelValues(representation, highest);
  const base = 2 ** width - 1 - highest;
  const numbers = new Uint32Array(width === 0 ? 0 : Math.floor((8 * (data.length - dataOctet + 1)) / width));
  unpackBits(data.view, 8 * (dataOctet - 1), width, numbers.length, numbers);
  const values = destination.open();
  if (highest === 0 || numbers.length === 0) {
    values.fill(Number.NaN);
    return;
  }
  let filled = 0;
  for (let i = 0; i < numbers.length && filled < values.length; ) {
    const level = numbers[i++];
    if (level > highest) throw gribCorrupt(`a level of at most ${highest}`, String(level));
    let length = 1;
    for (let weight = 1; i < numbers.length && numbers[i] > highest; weight *= base) {
      length += weight * (numbers[i++] - highest - 1);
    }
    if (length > values.length - filled) {
      throw gribCorrupt(`runs of ${values.length} values together`, `one of ${length} after ${filled}`);
    }
    values.fill(levels[level], filled, filled + length);
    filled += length;
  }
  if (filled < values.length) throw gribCorrupt(`runs of ${values.length} values`, `${filled} values`);
}

/** Values of levels 0 (missing) to the highest that is used. */
function levelValues(section: Section, highest: number): Float64Array {
  const count = section.uint(15, 2);
  if (highest > count)
    throw gribCorrupt(`at most ${count} levels, as section 5 has values for`, String(highest));
  section.requireBits(levelsOctet, 16 * count, 'values of levels');
  const decimalScale = section.uint(17, 1);
  const unit = Number(`1e${decimalScale < 128 ? -decimalScale : decimalScale - 128}`);
  const levels = new Float64Array(highest + 1).fill(Number.NaN, 0, 1);
  for (let level = 1; level <= highest; level++) {
    levels[level] = section.uint(levelsOctet + 2 * (level - 1), 2) * unit;
  }
  return levels;
}
