import assert from 'node:assert/strict';
import {
  isBigInt,
  type MaskedArray,
  type NumberArray,
  type NumericType,
  type NumericValues,
} from '@hyperslab/array';
import fc from 'fast-check';
import { allowSimd, elementwise, openRegion, ordinaryMemory } from '../../src/index.ts';
import { inArena, randomMask, randomNumbers, randomValues } from './random-values.ts';

const dtypes: NumericType[] = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
];
const length = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8100, max: 17_000 }) },
);

/** Random bits, as numbers of a type: a choice looks at none of them. */
function values(dtype: NumericType, count: number, next: () => number): NumericValues {
  if (dtype !== 'int64' && dtype !== 'uint64') return randomValues(dtype, count, next, 0.1);
  const bits = BigUint64Array.from({ length: count }, () => BigInt(Math.floor(next() * 2 ** 53)) << 11n);
  return dtype === 'uint64' ? bits : new BigInt64Array(bits.buffer);
}

describe('choices by kernels', () => {
  afterEach(() => allowSimd(true));

  for (const dtype of dtypes) {
    it(`where and fill_missing of ${dtype} give what the plain loops give`, () => {
      const property = fc.property(
        fc.integer(),
        length,
        fc.constantFrom<NumericType>('int8', 'float32', dtype),
        fc.subarray(['condition', 'yes', 'no']),
        fc.subarray(['condition', 'yes', 'no']),
        fc.constantFrom('none', 'some', 'all'),
        (seed, count, conditionType, alone, masked, place) => {
          const next = randomNumbers(seed);
          const operand = (name: string, type: NumericType): MaskedArray => {
            const length = alone.includes(name) ? 1 : count;
            const mask = masked.includes(name) ? randomMask(length, next) : undefined;
            return { dtype: type, shape: [length], values: values(type, length, next), mask };
          };
          const condition = operand('condition', conditionType);
          for (let i = 0; i < condition.values.length; i++)
            if (next() < 0.5) condition.values[i] = isBigInt(conditionType) ? 0n : 0;
          const operands = [condition, operand('yes', dtype), operand('no', dtype)];
          for (const [name, of] of [
            ['where', operands],
            ['fill_missing', operands.slice(1)],
          ] as const) {
            allowSimd(false);
            const expected = elementwise(name, of, [count]);
            allowSimd(true);
            using region = openRegion();
            const placed = of.map((each, i) =>
              place === 'all' || (place === 'some' && i === 1)
                ? {
                    ...each,
                    values: inArena(region, each.values as NumberArray),
                    mask: each.mask && (inArena(region, each.mask) as Uint8Array),
                  }
                : each,
            );
            const actual = elementwise(name, placed, [count], place === 'all' ? region : ordinaryMemory);
            assert.deepEqual(
              [...(actual.values as NumberArray)],
              [...(expected.values as NumberArray)],
              name,
            );
            assert.deepEqual([...(actual.mask ?? [])], [...(expected.mask ?? [])], name);
            assert.equal(actual.dtype, expected.dtype);
          }
        },
      );
      fc.assert(property, { numRuns: 60 });
    });
  }
});
