import assert from 'node:assert/strict';
import { elementCount, type MaskedArray, type NumericType } from '@hyperslab/array';
import fc from 'fast-check';
import { isAddedAlike, reductionKind } from '../../src/index.ts';
import { assertSame } from '../wasm/assert-same.ts';
import { randomMask, randomNumbers, randomValues } from '../wasm/random-values.ts';
import { addPart, begin, cutParts, type Reduced } from './cut-and-merge.ts';

const names = ['sum', 'mean', 'min', 'max', 'count', 'std', 'var', 'weighted_mean', 'weighted_sum'];

const shapes = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
    fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 60, max: 140 })),
  )
  .map(([outer, inner]) => [...outer, inner]);

const tiles = shapes.chain((shape) => {
  const axes = fc.subarray([...shape.keys()]);
  return fc.record({
    shape: fc.constant(shape),
    // Mostly as tiles are cut: one index of the outer dimensions, all of the inner ones.
    partShape: fc.oneof(
      fc.tuple(...shape.map((extent) => fc.integer({ min: 1, max: extent }))),
      fc
        .nat({ max: shape.length - 1 })
        .chain((cut) =>
          fc
            .integer({ min: 1, max: shape[cut] })
            .map((extent) => shape.map((whole, axis) => (axis < cut ? 1 : axis === cut ? extent : whole))),
        ),
    ) as fc.Arbitrary<number[]>,
    axes,
    others: fc.array(fc.shuffledSubarray([...shape.keys()]), { maxLength: 2 }),
    name: fc.constantFrom(...names),
    dtype: fc.constantFrom<NumericType>('float32', 'float64', 'int16'),
    isMasked: fc.boolean(),
    seed: fc.integer(),
  });
});

describe('tiles that are added in parts', () => {
  it('give the bits of the whole tile where it is said so', () => {
    let alike = 0;
    const property = fc.property(tiles, ({ shape, partShape, axes, others, name, dtype, isMasked, seed }) => {
      const own = name.startsWith('weighted') ? others : [];
      const cut = { shape, partShape, axes, others: own };
      fc.pre(isAddedAlike(reductionKind(name).addsBy, cut));
      if (partShape.some((extent, axis) => extent < shape[axis])) alike++;
      const next = randomNumbers(seed);
      const made = (of: NumericType, lengths: number[]): MaskedArray => {
        const count = elementCount(lengths);
        const values = randomValues(of, count, next, 0.02);
        return { dtype: of, shape: lengths, values, mask: isMasked ? randomMask(count, next) : undefined };
      };
      const weights = own.map((each) => ({
        array: made(
          'float64',
          each.map((axis) => shape[axis]),
        ),
        axes: each,
      }));
      const input: Reduced = { array: made(dtype, shape), axes, others: weights };
      const [whole, parted] = [begin(name, input), begin(name, input)];
      addPart(whole, input, { origin: shape.map(() => 0), shape });
      const cuts = shape.map((extent, axis) =>
        Array.from({ length: Math.ceil(extent / partShape[axis]) }, (_, i) => i * partShape[axis]),
      );
      for (const part of cutParts(shape, cuts)) addPart(parted, input, part);
      parted.toArrays().forEach((array, i) => {
        assertSame(array.values as Float64Array, whole.toArrays()[i].values as Float64Array);
      });
    });
    // A weight that is infinite, of what is NaN.
    const infinite = { shape: [5, 66], partShape: [1, 1], axes: [], others: [[]], name: 'weighted_sum' };
    const examples = [[{ ...infinite, dtype: 'float32' as const, isMasked: false, seed: 139989825 }]];
    fc.assert(property, { numRuns: 3000, examples: examples as [(typeof examples)[0][0]][] });
    assert.ok(alike > 500, `${alike} were cut`);
  });
});
