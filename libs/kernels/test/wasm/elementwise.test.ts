import assert from 'node:assert/strict';
import type { MaskedArray, NumberArray } from '@hyperslab/array';
import fc from 'fast-check';
import { allowSimd, elementwise, openRegion, ordinaryMemory } from '../../src/index.ts';
import { assertSame } from './assert-same.ts';
import { inArena, randomMask, randomNumbers, randomValues } from './random-values.ts';

const unary = ['sqrt', 'negate', 'abs'];
const binary = ['+', '-', '*', '/', 'minimum', 'maximum', '<', '<=', '>', '>=', '==', '!='];
const length = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 8100, max: 17_000 }) },
);

describe('elementwise functions by kernels', () => {
  afterEach(() => allowSimd(true));

  for (const dtype of ['float32', 'float64'] as const) {
    for (const name of [...unary, ...binary]) {
      it(`${name} of ${dtype} gives what the plain loop gives`, () => {
        const property = fc.property(
          fc.integer(),
          length,
          fc.constantFrom('arrays', 'left alone', 'right alone'),
          fc.constantFrom('none', 'one', 'all'),
          fc.boolean(),
          (seed, count, kind, place, masked) => {
            const next = randomNumbers(seed);
            const operands = Array.from({ length: operandsOf(name) }, (_, i): MaskedArray => {
              const one = kind === (i === 0 ? 'left alone' : 'right alone') && operandsOf(name) === 2;
              const values = randomValues(
                dtype,
                one ? 1 : count,
                next,
                [0, 0.02, 0.3][Math.floor(next() * 3)],
              );
              const mask = masked ? randomMask(values.length, next) : undefined;
              return { dtype, shape: [values.length], values, mask };
            });
            // Equal elements, for comparisons to meet.
            if (operands.length === 2 && kind === 'arrays')
              (operands[1].values as NumberArray).set(
                (operands[0].values as NumberArray).subarray(0, count >> 1),
              );
            allowSimd(false);
            const expected = elementwise(name, operands, [count]);
            allowSimd(true);
            using region = openRegion();
            const placed = operands.map((operand, i) =>
              place === 'all' || (place === 'one' && i === 0)
                ? { ...operand, values: inArena(region, operand.values as NumberArray) }
                : operand,
            );
            const actual = elementwise(name, placed, [count], place === 'all' ? region : ordinaryMemory);
            assert.deepEqual({ ...actual, values: 0, mask: 0 }, { ...expected, values: 0, mask: 0 });
            assert.equal(actual.mask === undefined, expected.mask === undefined);
            assertSame(actual.mask ?? [], expected.mask ?? []);
            assertSame(actual.values as NumberArray, expected.values as NumberArray);
          },
        );
        fc.assert(property, { numRuns: 40 });
      });
    }
  }

  it('answer one NaN for minimum and maximum, by kernels and by plain loops, compiled or not', () => {
    const bits = new BigUint64Array(131);
    const negative = 0xfff8000000000001n;
    bits.forEach((_, i) => {
      bits[i] = i % 3 === 0 ? negative : 0x3ff0000000000000n;
    });
    const x: MaskedArray = { dtype: 'float64', shape: [131], values: new Float64Array(bits.buffer) };
    for (const name of ['minimum', 'maximum'])
      for (const round of Array(3000).keys()) {
        allowSimd(round % 2 === 0);
        const { values } = elementwise(name, round % 4 < 2 ? [x, 2] : [2, x], [131]);
        const { buffer, byteOffset } = values as Float64Array;
        const found = new BigUint64Array(buffer, byteOffset, 131);
        assert.ok(found.every((each, i) => (each === 0x7ff8000000000000n) === (i % 3 === 0)));
      }
  });
});

function operandsOf(name: string): number {
  return unary.includes(name) ? 1 : 2;
}
