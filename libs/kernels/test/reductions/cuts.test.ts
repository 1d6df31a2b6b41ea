import assert from 'node:assert/strict';
import { allocateValues, elementCount, isBigInt, type MaskedArray, type NumericType } from '@hyperslab/array';
import fc from 'fast-check';
import { type OtherOperand, type ReductionParameters, reductionKind } from '../../src/index.ts';
import { addPart, begin, cutParts, type Reduced, reduceWhole, requestOf, takePart } from './cut-and-merge.ts';

const types: NumericType[] = ['int8', 'uint32', 'int64', 'float32', 'float64'];

const named: { name: string; parameters?: ReductionParameters }[] = [
  { name: 'any' },
  { name: 'all' },
  { name: 'first' },
  { name: 'last' },
  { name: 'argmin' },
  { name: 'argmax' },
  { name: 'prod' },
  { name: 'histogram', parameters: { edges: [-40, -3, 0, 1, 30] } },
  { name: 'percentile', parameters: { percentiles: [0, 30, 50, 99] } },
  { name: 'approximate_percentile', parameters: { percentiles: 40 } },
  { name: 'covariance', parameters: { ddof: 1 } },
  { name: 'correlation' },
  { name: 'slope' },
  { name: 'intercept' },
  { name: 'weighted_mean' },
  { name: 'weighted_sum' },
  { name: 'weighted_std' },
  { name: 'weighted_var' },
];

const values = (dtype: NumericType, shape: number[]): fc.Arbitrary<MaskedArray> => {
  const count = elementCount(shape);
  return fc
    .tuple(
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: count, maxLength: count }),
      fc.option(fc.array(fc.nat({ max: 2 }), { minLength: count, maxLength: count }), { nil: undefined }),
    )
    .map(([list, gaps]) => {
      const array: MaskedArray = { dtype, shape, values: allocateValues(dtype, count) };
      list.forEach((value, i) => {
        const number = dtype.startsWith('u') ? Math.abs(value) : value;
        const float =
          dtype.startsWith('f') && value > 44 ? Number.NaN : number / (dtype.startsWith('f') ? 4 : 1);
        (array.values as Float64Array)[i] = isBigInt(dtype) ? (BigInt(number) as never) : float;
      });
      if (gaps !== undefined) array.mask = Uint8Array.from(gaps, (gap) => (gap === 0 ? 1 : 0));
      return array;
    });
};

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 6 });

const reduced = shapes.chain((shape) =>
  fc
    .record({
      array: fc.constantFrom(...types).chain((dtype) => values(dtype, shape)),
      axes: fc.subarray([...shape.keys()]),
      otherAxes: fc.subarray([...shape.keys()]),
      otherType: fc.constantFrom(...types),
      cuts: fc.tuple(...shape.map((length) => fc.array(fc.nat({ max: length }), { maxLength: 2 }))),
    })
    .chain(({ array, axes, otherAxes, otherType, cuts }) =>
      values(
        otherType,
        otherAxes.map((axis) => shape[axis]),
      ).map((other): { input: Reduced; cuts: number[][] } => ({
        input: { array, axes, others: [{ array: other, axes: otherAxes }] },
        cuts: cuts as number[][],
      })),
    ),
);

const rounded = new Set([
  'prod',
  'covariance',
  'correlation',
  'slope',
  'intercept',
  'weighted_mean',
  'weighted_sum',
  'weighted_std',
  'weighted_var',
]);

describe('a reduction by name', () => {
  for (const { name, parameters } of named) {
    it(`is the same of tiles and of partial results that travelled: ${name}`, () => {
      const property = fc.property(reduced, ({ input, cuts }) => {
        const lengths = input.axes.map((axis) => input.array.shape[axis]);
        // Of more values than it holds, a digest is one of several that are as good.
        fc.pre(name !== 'approximate_percentile' || lengths.reduce((a, b) => a * b, 1) <= 256);
        // A spread is of weights that are not negative.
        const others = name.startsWith('weighted') ? input.others!.map(withoutSigns) : input.others;
        const asked: Reduced = { ...input, others, parameters: { lengths, ...parameters } };
        const whole = reduceWhole(name, asked);
        const parts = cutParts(asked.array.shape, cuts);
        const tiled = begin(name, asked);
        for (const part of parts) addPart(tiled, asked, part);
        assertSame(tiled.finish(), whole, 'tiles', rounded.has(name));
        const partials = parts.map((part) => {
          const own = begin(name, asked);
          addPart(own, asked, part);
          return reductionKind(name).fromArrays(requestOf(asked), own.toArrays());
        });
        for (const other of partials.slice(1)) partials[0].merge(other);
        assertSame(partials[0].finish(), whole, 'partial results', rounded.has(name));
      });
      fc.assert(property, { numRuns: 60 });
    });

    it(`refuses arrays that are no partial result: ${name}`, () => {
      const array: MaskedArray = {
        dtype: 'float32',
        shape: [2, 3],
        values: Float32Array.of(1, 2, 3, 4, 5, 6),
      };
      const input: Reduced = { array, axes: [1], others: [{ array, axes: [0, 1] }], parameters };
      const filled = begin(name, input);
      addPart(filled, input, { origin: [0, 0], shape: [2, 3] });
      const good = filled.toArrays();
      const from = (arrays: MaskedArray[]) => reductionKind(name).fromArrays(requestOf(input), arrays);
      from(good);
      const longer = takePart(good[0], { origin: [0], shape: [good[0].shape[0]] });
      longer.values = new (longer.values.constructor as Float64ArrayConstructor)(99);
      for (const arrays of [[], good.slice(1), [...good, good[0]], [longer, ...good.slice(1)]])
        assert.throws(() => from(arrays), /no partial result of/);
    });
  }
});

function withoutSigns(other: OtherOperand): OtherOperand {
  const values = (other.array.values as Float64Array).map((value) => (value < 0 ? -value : value));
  return { ...other, array: { ...other.array, values } };
}

function assertSame(actual: MaskedArray, expected: MaskedArray, how: string, rounded: boolean): void {
  assert.deepEqual([actual.dtype, actual.shape], [expected.dtype, expected.shape], how);
  for (let i = 0; i < expected.values.length; i++) {
    assert.equal(actual.mask?.[i] ?? 0, expected.mask?.[i] ?? 0, how);
    if (expected.mask?.[i]) continue;
    const [a, b] = [Number(actual.values[i]), Number(expected.values[i])];
    const close = rounded && Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b));
    assert.ok(Object.is(a, b) || close, `${how}: ${a} and ${b}`);
  }
}
