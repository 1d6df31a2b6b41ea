import assert from 'node:assert/strict';
import { elementCount, type MaskedArray, type NumericType } from '@hyperslab/array';
import fc from 'fast-check';
import { allowSimd, openRegion } from '../../src/index.ts';
import { addWeightedRows } from '../../src/reductions/weighted-rows.ts';
import { assertSame } from '../wasm/assert-same.ts';
import { inArena, randomMask, randomNumbers, randomValues } from '../wasm/random-values.ts';
import { begin, type Reduced } from './cut-and-merge.ts';

/** Rows of one weight each, and what is close to them: other dimensions that vary, missing elements, weights that are no numbers. */
const weighted = fc.record({
  seed: fc.integer(),
  dtype: fc.constantFrom<NumericType>('float32', 'float64', 'int16'),
  outer: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  rows: fc.integer({ min: 1, max: 6 }),
  length: fc.oneof(fc.integer({ min: 1, max: 10 }), {
    weight: 3,
    arbitrary: fc.integer({ min: 60, max: 200 }),
  }),
  weights: fc.array(
    fc.record({
      outer: fc.boolean(),
      row: fc.boolean(),
      inner: fc.constantFrom(false, false, false, false, false, true),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  odd: fc.constantFrom(0, 0, 0.01),
  masked: fc.constantFrom(false, false, true),
  kept: fc.constantFrom('outer', 'none', 'row'),
  placed: fc.boolean(),
});

type Weighted = typeof weighted extends fc.Arbitrary<infer Value> ? Value : never;

describe('rows of one weight each', () => {
  afterEach(() => allowSimd(true));

  it('are added to the bit as they are one by one, whatever else is beside them', () => {
    let byRows = 0;
    fc.assert(
      fc.property(
        weighted,
        fc.constantFrom('weighted_mean', 'weighted_sum', 'weighted_std'),
        (drawn, name) => {
          using region = openRegion();
          const input = reducedOf(drawn);
          const { array } = input;
          const shape = array.shape.filter((_, axis) => !input.axes.includes(axis));
          const origin = shape.map(() => 0);
          if (drawn.placed) array.values = inArena(region, array.values as Float64Array);
          const states = [true, false].map((allow) => {
            allowSimd(allow);
            const reduction = begin(name, input);
            // Twice: what is there already counts.
            const start = array.shape.map(() => 0);
            for (let time = 0; time < 2; time++)
              reduction.add(array, input.others ?? [], input.axes, origin, start);
            return reduction.toArrays();
          });
          for (const [i, state] of states[0].entries())
            assertSame(state.values as Float64Array, states[1][i].values as Float64Array);
          allowSimd(true);
          const cells = elementCount(shape);
          const floats = () => new Float64Array(cells);
          const sums = { weights: floats(), firsts: floats(), met: new Uint8Array(cells) };
          const place = { tile: array, others: input.others ?? [], axes: input.axes, shape, origin };
          if (addWeightedRows(place, sums)) byRows++;
        },
      ),
      { numRuns: 600 },
    );
    assert.ok(byRows > 30, `only ${byRows} tiles were added by rows`);
  });
});

function reducedOf({ seed, dtype, outer, rows, length, weights, odd, masked, kept }: Weighted): Reduced {
  const next = randomNumbers(seed);
  const shape = [...outer, rows, length];
  const count = elementCount(shape);
  const array: MaskedArray = { dtype, shape, values: randomValues(dtype, count, next, odd) };
  if (masked) array.mask = randomMask(count, next);
  const others = weights.map((which) => {
    const axes = [...shape.keys()].filter((axis) =>
      axis < outer.length ? which.outer : axis === outer.length ? which.row : which.inner,
    );
    const own = axes.map((axis) => shape[axis]);
    return {
      array: { dtype: 'float64', shape: own, values: randomValues('float64', elementCount(own), next, odd) },
      axes,
    } as const;
  });
  const keptAxes = { outer: [...outer.keys()], none: [], row: [outer.length] }[kept] as number[];
  return { array, others, axes: [...shape.keys()].filter((axis) => !keptAxes.includes(axis)) };
}
