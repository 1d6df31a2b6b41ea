import { isBigInt, isFloat, type NumberArray, type NumericValues } from '@hyperslab/array';
import type { Packing } from '@hyperslab/proto/array';
import { type Allocator, ordinaryMemory } from './allocator.ts';
import { integerLimits } from './promotion.ts';
import { remembered, specialise } from './specialise.ts';
import type { NumberType } from './wasm/kernels.ts';
import { markMissing } from './wasm/mark-missing.ts';

type Stored = number | bigint;

/** What stands for missing data, in the type that values are read in. */
interface MissingTest<T extends Stored> {
  fills: T[];
  min: T | number;
  max: T | number;
}

/**
 * Mask of the stored values that mean "missing": equal to one of the missing values, or outside the valid range
 * (CF conventions, section 2.5.1; tested on packed values). Undefined when none is.
 */
export function findMissing(
  values: NumericValues,
  dtype: string,
  packing: Packing,
  memory: Allocator = ordinaryMemory,
): Uint8Array | undefined {
  const makeMask = () => memory.zeros('uint8', values.length) as Uint8Array;
  if (isBigInt(dtype)) return markPlainly(values, dtype, bigIntTest(dtype, packing), makeMask);
  const test = knownTest(dtype, packing);
  const marked = dtype !== 'char' && markMissing(values as NumberArray, dtype as NumberType, test, makeMask);
  return marked === false ? markPlainly(values, dtype, test, makeMask) : marked;
}

function markPlainly(
  values: NumericValues,
  dtype: string,
  { fills, min, max }: MissingTest<Stored>,
  makeMask: () => Uint8Array,
): Uint8Array | undefined {
  let mask: Uint8Array | undefined;
  for (const fill of fills) {
    // The engine's own search is several times faster than a loop, and mostly there is nothing to find.
    if (!(values as NumberArray).includes(fill as number)) continue;
    mask ??= makeMask();
    if (Number.isNaN(fill)) loop(`nan ${dtype}`)(values, mask);
    else loop(`equal ${dtype}`)(values, mask, fill);
  }
  if (min === -Infinity && max === Infinity) return mask;
  const ranged = mask ?? makeMask();
  return loop(`outside ${dtype}`)(values, ranged, min, max) ? ranged : mask;
}

// Thousands of chunks have one packing.
const knownTests = new WeakMap<Packing, Map<string, MissingTest<number>>>();

function knownTest(dtype: string, packing: Packing): MissingTest<number> {
  let byType = knownTests.get(packing);
  if (byType === undefined) {
    byType = new Map();
    knownTests.set(packing, byType);
  }
  let test = byType.get(dtype);
  if (test === undefined) {
    test = numberTest(dtype, packing);
    byType.set(dtype, test);
  }
  return test;
}

function numberTest(dtype: string, packing: Packing): MissingTest<number> {
  const stored = (value: number) => asStored(value, dtype);
  const fills = [...new Set(packing.missingValues.map(stored).filter((value) => value !== undefined))];
  return {
    fills,
    min: packing.validMin === undefined ? -Infinity : (stored(packing.validMin) ?? packing.validMin),
    max: packing.validMax === undefined ? Infinity : (stored(packing.validMax) ?? packing.validMax),
  };
}

/**
 * A value of an attribute as a stored number: rounded to float32, or, for a type read as unsigned, the unsigned number
 * of the same bits (NetCDF users write `_FillValue = -1b` for 255). Undefined when the type does not hold it.
 */
function asStored(value: number, dtype: string): number | undefined {
  if (dtype === 'float32') return Math.fround(value);
  if (isFloat(dtype) || dtype === 'char') return value;
  if (!Number.isInteger(value)) return undefined;
  const { min, max } = integerLimits(dtype as 'int8');
  const unsignedBits = min === 0n && value < 0 ? value + Number(max) + 1 : value;
  return unsignedBits >= Number(min) && unsignedBits <= Number(max) ? unsignedBits : undefined;
}

function bigIntTest(dtype: string, packing: Packing): MissingTest<bigint> {
  const wrap = (value: bigint) => (dtype === 'uint64' ? BigInt.asUintN(64, value) : value);
  const numbers = packing.missingValues.filter(Number.isInteger).map((value) => BigInt(value));
  const integers = packing.missingIntegers.map((text) => BigInt(text));
  const bound = (value: number | undefined) =>
    value === undefined || !Number.isInteger(value) ? value : wrap(BigInt(value));
  return {
    fills: [...new Set([...integers, ...numbers].map(wrap))],
    min: bound(packing.validMin) ?? -Infinity,
    max: bound(packing.validMax) ?? Infinity,
  };
}

const loops = { equal, nan, outside };

const loop = remembered(
  (key) =>
    specialise(loops[key.split(' ')[0] as keyof typeof loops]) as (...parameters: unknown[]) => unknown,
);

function equal(values: NumberArray, mask: Uint8Array, fill: number): void {
  for (let i = 0; i < mask.length; i++) mask[i] |= values[i] === fill ? 1 : 0;
}

function nan(values: NumberArray, mask: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] |= Number.isNaN(values[i]) ? 1 : 0;
}

function outside(values: NumberArray, mask: Uint8Array, min: number, max: number): boolean {
  let found = 0;
  for (let i = 0; i < mask.length; i++) {
    const mark = (values[i] < min ? 1 : 0) | (values[i] > max ? 1 : 0);
    mask[i] |= mark;
    found |= mark;
  }
  return found !== 0;
}
