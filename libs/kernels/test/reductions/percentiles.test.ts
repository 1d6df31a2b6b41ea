import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { reductionKind } from '../../src/index.ts';
import { percentilesIn, selectSmallest } from '../../src/reductions/select-smallest.ts';
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

/**
 * Numbers from 0 that no selection gets rid of many at once of (McIlroy, "A killer adversary for quicksort", 1999): what each
 * element is, is decided by what it is compared with, while the largest is looked for with the median of three as pivot.
 */
function madeAgainstSelecting(count: number): Float64Array {
  const open = Number.POSITIVE_INFINITY;
  const made = new Float64Array(count).fill(open);
  let next = 0;
  let pivot = -1;
  const isLess = (a: number, b: number): boolean => {
    if (a === b) return false;
    if (made[a] === open && made[b] === open) made[a === pivot ? a : b] = next++;
    if (made[a] === open) pivot = a;
    else if (made[b] === open) pivot = b;
    return made[a] < made[b];
  };
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let [low, high] = [0, count - 1]; high > low; ) {
    const three = [order[low], order[(low + high) >> 1], order[high]];
    const middle = three.sort((a, b) => (isLess(a, b) ? -1 : 1))[1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (isLess(order[i], middle)) i++;
      while (isLess(middle, order[j])) j--;
      if (i > j) break;
      [order[i], order[j]] = [order[j], order[i]];
      i++;
      j--;
    }
    if (j === high) high--;
    else low = Math.min(i, high);
  }
  for (let i = 0; i < count; i++) if (made[i] === open) made[i] = next++;
  return made;
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

  it('finds the same percentiles of a few and of so many that all is sorted', () => {
    const values = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1 });
    const percentiles = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 17 });
    const property = fc.property(values, percentiles, (list, wanted) => {
      const held = () => Float64Array.from(list);
      const each = wanted.map((percentile) => percentilesIn(held(), list.length, [percentile])[0]);
      assert.deepEqual(percentilesIn(held(), list.length, wanted), each);
    });
    fc.assert(property);
  });

  it('takes no longer for equal, sorted and alternating values', () => {
    const count = 200_000;
    for (const value of [() => 1, (i: number) => i, (i: number) => count - i, (i: number) => i % 2]) {
      const values = Float64Array.from({ length: count }, (_, i) => value(i));
      withinLimits(() => percentilesIn(values, count, [50]), { ms: 5000 });
    }
  });

  it('looks at each value some times only, also at ones that are made against it', () => {
    const count = 2000;
    const values = madeAgainstSelecting(count);
    let looks = 0;
    const counted = new Proxy(values.slice(), {
      get(target, name) {
        if (Number.isInteger(Number(name))) looks++;
        const found = Reflect.get(target, name);
        return typeof found === 'function' ? found.bind(target) : found;
      },
      set: (target, name, value) => Reflect.set(target, name, value),
    });
    assert.equal(selectSmallest(counted, count, count - 1), count - 1);
    assert.ok(looks < 200 * count, `${looks} looks`);
  });

  it('has infinities at the ends', () => {
    const values = [-Infinity, 1, 2, Infinity, Infinity];
    const { values: found } = reduceWhole('percentile', {
      ...column(values),
      parameters: { percentiles: [0, 50, 100] },
    });
    assert.deepEqual(found, Float64Array.of(-Infinity, 2, Infinity));
  });

  it('is infinite between a number and an infinity, and is no number between two', () => {
    const half = (...values: number[]) => percentilesIn(Float64Array.from(values), values.length, [50])[0];
    assert.equal(half(-1, Infinity), Infinity);
    assert.equal(half(-Infinity, 3), -Infinity);
    assert.ok(Number.isNaN(half(-Infinity, Infinity)));
    assert.equal(half(-1.5e308, 1.5e308), 0);
    assert.equal(percentilesIn(Float64Array.of(-Infinity, 3), 2, [25])[0], -Infinity);
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

  it('travel when there are infinities of both signs beside each other, and numbers as far apart', () => {
    for (const [low, high] of [
      [-Infinity, Infinity],
      [-1.5e308, 1.5e308],
    ]) {
      const input = column(Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? low : high)));
      const own = begin('approximate_percentile', input);
      addPart(own, input, { origin: [0], shape: [1000] });
      const travelled = reductionKind('approximate_percentile').fromArrays(requestOf(input), own.toArrays());
      const { values } = travelled.finish();
      assert.deepEqual([values[0], values[2], values[4], values[6]], [low, low, high, high]);
    }
  });

  it('take memory for what there is when partial results of few values are merged', () => {
    const cells = 200_000;
    const array: MaskedArray = { dtype: 'float32', shape: [6, cells], values: new Float32Array(6 * cells) };
    const input: Reduced = { array, axes: [0] };
    const arrays = [0, 3].map((first) => {
      const own = begin('approximate_percentile', input);
      addPart(own, input, { origin: [first, 0], shape: [3, cells] });
      return own.toArrays();
    });
    withinLimits(
      () => {
        const [one, other] = arrays.map((each) =>
          reductionKind('approximate_percentile').fromArrays(requestOf(input), each),
        );
        one.merge(other);
        assert.ok(one.finish().values.every((value) => value === 0));
      },
      { bytes: 2 ** 27 },
    );
  });

  it('are the same bits for the same order', () => {
    const input = column(Float64Array.from({ length: 5000 }, (_, i) => Math.cos(i * i)));
    assert.deepEqual(
      reduceWhole('approximate_percentile', input),
      reduceWhole('approximate_percentile', input),
    );
  });
});
