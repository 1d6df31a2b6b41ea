import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { reductionKind } from '../../src/index.ts';
import { percentileOf, selectSmallest } from '../../src/reductions/select-smallest.ts';
import { addPart, begin, type Reduced, reduceWhole, requestOf } from './cut-and-merge.ts';

const percentiles = [0, 1, 10, 50, 90, 99, 100];

function column(values: ArrayLike<number>): Reduced {
  const array: MaskedArray = { dtype: 'float64', shape: [values.length], values: Float64Array.from(values) };
  return { array, axes: [0], parameters: { percentiles } };
}

/** Share of the values that are below a number, and that are not above it. */
function ranks(values: Float64Array, number: number): [below: number, upTo: number] {
  const count = (counted: (value: number) => boolean) => values.filter(counted).length / values.length;
  return [count((value) => value < number), count((value) => value <= number)];
}

describe('selecting the smallest', () => {
  it('puts what sorting would have there at a place', () => {
    const property = fc.property(
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1 }),
      fc.nat(),
      (list, at) => {
        const place = at % list.length;
        const sorted = Float64Array.from(list).sort();
        const values = Float64Array.from(list);
        assert.equal(selectSmallest(values, list.length, place), sorted[place]);
        assert.ok(values.subarray(0, place).every((value) => value <= sorted[place]));
        assert.ok(values.subarray(place).every((value) => value >= sorted[place]));
      },
    );
    fc.assert(property);
  });

  it('takes no longer for equal, sorted and alternating values', () => {
    const count = 200_000;
    for (const value of [() => 1, (i: number) => i, (i: number) => count - i, (i: number) => i % 2]) {
      const values = Float64Array.from({ length: count }, (_, i) => value(i));
      withinLimits(() => percentileOf(values, count, 50), { ms: 5000 });
    }
  });

  it('has infinities at the ends', () => {
    const values = [-Infinity, 1, 2, Infinity, Infinity];
    const { values: found } = reduceWhole('percentile', {
      ...column(values),
      parameters: { percentiles: [0, 50, 100] },
    });
    assert.deepEqual(found, Float64Array.of(-Infinity, 2, Infinity));
  });
});

describe('approximate percentiles', () => {
  const random = (seed: number) => () => {
    seed = (seed * 1664525 + 1013904223) % 2 ** 32;
    return seed / 2 ** 32;
  };
  const distributions: Record<string, (next: () => number, i: number) => number> = {
    uniform: (next) => next(),
    exponential: (next) => -Math.log(1 - next()),
    'few values': (next) => Math.floor(5 * next()),
    ascending: (_, i) => i,
    descending: (_, i) => -i,
  };
  for (const [name, value] of Object.entries(distributions)) {
    it(`are near in rank, of one part and of merged ones: ${name}`, () => {
      const next = random(5);
      const values = Float64Array.from({ length: 20_000 }, (_, i) => value(next, i));
      const input = column(values);
      const parts = [7000, 250, 12_750].map((length, i) => ({
        origin: [[0, 7000, 7250][i]],
        shape: [length],
      }));
      const partials = parts.map((part) => {
        const own = begin('approximate_percentile', input);
        addPart(own, input, part);
        return reductionKind('approximate_percentile').fromArrays(requestOf(input), own.toArrays());
      });
      for (const other of partials.slice(1)) partials[0].merge(other);
      for (const { values: found } of [reduceWhole('approximate_percentile', input), partials[0].finish()]) {
        percentiles.forEach((percentile, i) => {
          const [below, upTo] = ranks(values, found[i] as number);
          const share = percentile / 100;
          const off = Math.max(0, below - share, share - upTo);
          const most = 0.001 + 0.05 * share * (1 - share);
          assert.ok(off <= most, `${percentile}: ${found[i]} is off by ${off} in rank, most ${most}`);
        });
        assert.deepEqual([found[0], found[6]], [values.toSorted()[0], values.toSorted()[19_999]]);
      }
    });
  }

  it('stay bounded in size however many values there are', () => {
    const input = column(Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i)));
    const own = begin('approximate_percentile', input);
    addPart(own, input, { origin: [0], shape: [100_000] });
    const bytes = own.toArrays().reduce((sum, { values }) => sum + (values as Float64Array).byteLength, 0);
    assert.ok(bytes < 4096, `${bytes} bytes`);
  });

  it('keep infinities at the ends, and make no NaN of them', () => {
    const values = Float64Array.from({ length: 5000 }, (_, i) =>
      i % 10 === 0 ? Infinity : i % 7 === 0 ? -Infinity : i,
    );
    const { values: found } = reduceWhole('approximate_percentile', column(values));
    assert.deepEqual([found[0], found[1], found[5], found[6]], [-Infinity, -Infinity, Infinity, Infinity]);
    assert.ok(Number.isFinite(found[3]));
  });

  it('are the same bits for the same order', () => {
    const input = column(Float64Array.from({ length: 5000 }, (_, i) => Math.cos(i * i)));
    assert.deepEqual(
      reduceWhole('approximate_percentile', input),
      reduceWhole('approximate_percentile', input),
    );
  });
});
