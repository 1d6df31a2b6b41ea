import { isFloat, itemSize, type NumberArray } from '@hyperslab/array';
import { integerLimits } from '../promotion.ts';
import type { NumberType } from './kernels.ts';
import { readySimd, type Simd } from './simd.ts';
import { maskSlot, valueSlot, xSlot } from './slots.ts';

const block = 8192;

/** A value that elements are compared with. */
interface Test {
  mark: 'Equal' | 'Less' | 'Greater' | 'Nan';
  value: number;
}

/** What stands for missing data: any of the fills, and what is less than `min` or greater than `max`. */
export interface MissingNumbers {
  fills: readonly number[];
  min: number;
  max: number;
}

/** More values than that are left to the plain loop: each has 16 bytes of a slot. */
const mostTests = 64;

/**
 * Marks elements that are missing, and answers their mask, or undefined if there are none; `false`, and nothing done, where there is no kernel for it.
 *
 * @param makeMask a mask of zeros; asked for where something is missing, once
 */
export function markMissing(
  values: NumberArray,
  dtype: NumberType,
  missing: MissingNumbers,
  makeMask: () => Uint8Array,
): Uint8Array | undefined | false {
  const simd = readySimd(values.length);
  const tests = knownTests(dtype, missing);
  if (simd === undefined || tests === undefined || tests.length > mostTests) return false;
  if (tests.length === 0) return undefined;
  const offsets = placeValues(simd, dtype, tests);
  const run: RunTests = (x, mask, count) => runTests(simd, dtype, tests, offsets, x, mask, count);
  if (!simd.arena.holds(values)) return markBrought(simd, values, makeMask, run);
  // Mostly nothing is missing, which is seen sooner than zeros are written to a mask.
  if (!run(values.byteOffset, noMask, values.length)) return undefined;
  const mask = makeMask();
  if (!simd.arena.holds(mask)) return markBrought(simd, values, () => mask, run);
  run(values.byteOffset, mask.byteOffset, values.length);
  return mask;
}

/** In place of a mask's offset: kernels only look for the first value that passes their test. */
const noMask = 0;

/** Marks in a mask, at offsets of the arena, which of so many values pass a test, if there is a mask; answers whether one does. */
type RunTests = (x: number, mask: number, count: number) => boolean;

/** Brings values to the arena block by block. */
function markBrought(
  { stage }: Simd,
  values: NumberArray,
  makeMask: () => Uint8Array,
  run: RunTests,
): Uint8Array | undefined {
  const marks = stage.view(maskSlot, 'uint8', block) as Uint8Array;
  marks.fill(0);
  let mask: Uint8Array | undefined;
  for (let i = 0; i < values.length; i += block) {
    const count = Math.min(block, values.length - i);
    if (!run(stage.bring(xSlot, values, i, count), marks.byteOffset, count)) continue;
    mask ??= makeMask();
    mask.set(marks.subarray(0, count), i);
    marks.fill(0);
  }
  return mask;
}

function runTests(
  { kernels }: Simd,
  dtype: NumberType,
  tests: readonly Test[],
  offsets: readonly number[],
  x: number,
  mask: number,
  count: number,
): boolean {
  let found = 0;
  for (let i = 0; i < tests.length && !(mask === noMask && found !== 0); i++) {
    const { mark } = tests[i];
    if (mark !== 'Nan') found |= kernels[`mark${mark}_${dtype}`](x, offsets[i], mask, count);
    else if (isFloat(dtype)) found |= kernels[`markNan_${dtype}`](x, mask, count);
  }
  return found !== 0;
}

/** Fills 16 bytes with the value of each test, and answers where. */
function placeValues({ stage }: Simd, dtype: NumberType, tests: readonly Test[]): number[] {
  return tests.map(({ value }, i) => {
    const whole = stage.view(valueSlot, dtype, (16 * (i + 1)) / itemSize(dtype)) as NumberArray;
    const lanes = whole.subarray((16 * i) / itemSize(dtype));
    lanes.fill(value);
    return lanes.byteOffset;
  });
}

const known = new WeakMap<MissingNumbers, readonly Test[] | 'none'>();

/** As `testsOf` makes them, once; each type has its own missing numbers. */
function knownTests(dtype: NumberType, missing: MissingNumbers): readonly Test[] | undefined {
  let tests = known.get(missing);
  if (tests === undefined) {
    tests = testsOf(dtype, missing) ?? 'none';
    known.set(missing, tests);
  }
  return tests === 'none' ? undefined : tests;
}

/** The tests, with values of the type; undefined when one cannot be said with them. */
function testsOf(dtype: NumberType, { fills, min, max }: MissingNumbers): Test[] | undefined {
  const equal = fills.map((value): Test => ({ mark: Number.isNaN(value) ? 'Nan' : 'Equal', value }));
  const [lowest, highest] = limitsOf(dtype);
  // A whole number is less than 2.5 when it is less than 3.
  const [least, greatest] = isFloat(dtype) ? [min, max] : [Math.ceil(min), Math.floor(max)];
  if (least > highest || greatest < lowest) return undefined;
  const tests = equal.filter(({ mark }) => mark === 'Equal' || isFloat(dtype));
  // No comparison with NaN holds.
  if (least > lowest) tests.push({ mark: 'Less', value: least });
  if (greatest < highest) tests.push({ mark: 'Greater', value: greatest });
  return tests;
}

function limitsOf(dtype: NumberType): [lowest: number, highest: number] {
  if (isFloat(dtype)) return [-Infinity, Infinity];
  const { min, max } = integerLimits(dtype);
  return [Number(min), Number(max)];
}
