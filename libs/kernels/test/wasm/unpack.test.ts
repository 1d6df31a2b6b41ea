import assert from 'node:assert/strict';
import { isFloat, type NumberArray, type NumericType } from '@hyperslab/array';
import type { Packing } from '@hyperslab/proto/array';
import fc from 'fast-check';
import { allowSimd, openRegion, ordinaryMemory, unpack } from '../../src/index.ts';
import { assertSame } from './assert-same.ts';
import { inArena, randomNumbers, randomValues } from './random-values.ts';

const dtypes: NumericType[] = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'float32',
  'float64',
];
const bound = fc.option(
  fc.oneof(
    fc.integer({ min: -40_000, max: 70_000 }),
    fc.double({ min: -300, max: 300, noNaN: true }),
    fc.constantFrom(Number.NaN, Infinity, -Infinity, 2 ** 40),
  ),
  { nil: undefined },
);
const length = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8100, max: 17_000 }) },
);

describe('unpacking by kernels', () => {
  afterEach(() => allowSimd(true));

  for (const dtype of dtypes) {
    it(`gives of ${dtype} what the plain loops give`, () => {
      const property = fc.property(
        fc.integer(),
        length,
        fc.array(fc.nat(), { maxLength: 3 }),
        fc.record({ validMin: bound, validMax: bound, addOffset: bound, scaleFactor: bound }),
        fc.constantFrom('float32', 'float64', dtype),
        fc.boolean(),
        fc.constantFrom('none', 'elements', 'all'),
        (seed, count, fills, given, unpackedDtype, readUnsigned, place) => {
          const next = randomNumbers(seed);
          const chance = [0, 0.01, 0.3][Math.floor(next() * 3)];
          // Few different values, for fills and limits to be met.
          const few = randomValues(dtype === 'int64' ? 'int32' : dtype, 16, next, chance);
          const picked = Array.from({ length: count }, () => few[Math.floor(next() * 16)]);
          const stored = dtype === 'int64' ? BigInt64Array.from(picked.map(BigInt)) : valuesOf(dtype, picked);
          const packing: Packing = {
            missingIntegers: [],
            missingValues: fills.map((fill) => few[fill % 20] ?? [40_000, Number.NaN, -1, 0.5][fill % 4]),
            unpackedDtype,
            readUnsigned,
            ...given,
          };
          allowSimd(false);
          const expected = unpack(stored, dtype, packing);
          allowSimd(true);
          using region = openRegion();
          const placed =
            place === 'none' || dtype === 'int64' ? stored : inArena(region, stored as NumberArray);
          const actual = unpack(placed, dtype, packing, place === 'all' ? region : ordinaryMemory);
          assert.equal(actual.dtype, expected.dtype);
          assert.equal(actual.mask === undefined, expected.mask === undefined);
          assertSame(actual.mask ?? [], expected.mask ?? []);
          assertSame(actual.values as NumberArray, expected.values as NumberArray);
        },
      );
      fc.assert(property, { numRuns: isFloat(dtype) ? 200 : 150 });
    });
  }
});

function valuesOf(dtype: NumericType, numbers: number[]): NumberArray {
  const values = randomValues(dtype, numbers.length, () => 0, 0);
  values.set(numbers);
  return values;
}
