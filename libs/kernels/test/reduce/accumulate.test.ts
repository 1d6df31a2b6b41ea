import assert from 'node:assert/strict';
import {
  allocateValues,
  copyRegion,
  elementCount,
  isBigInt,
  type MaskedArray,
  unravel,
} from '@hyperslab/array';
import fc from 'fast-check';
import {
  accumulate,
  combine,
  createAccumulator,
  finish,
  openRegion,
  partialFromArrays,
  partialToArrays,
  type Reduction,
  reductionNames,
} from '../../src/index.ts';
import { arrayOf, difference, numpyResults } from '../numpy-results.ts';

function reduce(operation: Reduction, array: MaskedArray, axes: number[]): MaskedArray {
  const shape = array.shape.filter((_, axis) => !axes.includes(axis));
  const total = axes.reduce((product, axis) => product * array.shape[axis], 1);
  const accumulator = createAccumulator(operation, array.dtype as 'float64', shape, total);
  accumulate(accumulator, array, axes);
  return finish(accumulator);
}

describe('reductions', () => {
  it('are those of numpy, with masks and NaN left out', () => {
    const wrong: string[] = [];
    for (const { dtype, shape, values, mask, cases } of numpyResults.reductions) {
      for (const [axes, masked, operation, resultType, expected] of cases) {
        const array = { ...arrayOf(dtype, values, shape), mask: masked ? Uint8Array.from(mask) : undefined };
        const result = reduce(operation, array, axes);
        const relative = result.dtype === 'float32' ? 2e-7 : 1e-12;
        const found =
          result.dtype !== resultType
            ? `type ${result.dtype}, numpy has ${resultType}`
            : difference(result, expected, relative);
        if (found !== undefined) wrong.push(`${operation} ${dtype} over ${axes} masked ${masked}: ${found}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('of 64-bit integers come together one element at a time in the arena, too', () => {
    const rows = [3n, 5n, 10n].map((value) => new BigInt64Array(100).fill(value));
    for (const operation of reductionNames) {
      using region = openRegion();
      const accumulator = createAccumulator(operation, 'int64', [100], 3, region);
      for (const values of rows) accumulate(accumulator, { dtype: 'int64', shape: [1, 100], values }, [0]);
      const { values } = finish(accumulator);
      const variance = (9 + 1 + 16) / 3;
      const expected = {
        mean: 6,
        sum: 18n,
        min: 3n,
        max: 10n,
        std: Math.sqrt(variance),
        var: variance,
        count: 3n,
      }[operation];
      for (const value of values as Float64Array | BigInt64Array)
        if (typeof value === 'bigint') assert.equal(value, expected, operation);
        else assert.ok(Math.abs(value - Number(expected)) < 1e-12, `${operation}: ${value}`);
    }
  });

  it('over nothing but missing is missing, over nothing but NaN is NaN, and a count is never missing', () => {
    const array: MaskedArray = {
      dtype: 'float32',
      shape: [3, 2],
      values: Float32Array.of(1, 2, Number.NaN, 4, Number.NaN, Number.NaN),
      mask: Uint8Array.of(1, 1, 1, 0, 0, 0),
    };
    for (const operation of reductionNames) {
      const { values, mask } = reduce(operation, array, [1]);
      if (operation === 'count') {
        assert.deepEqual(values, BigInt64Array.of(0n, 1n, 0n));
        assert.equal(mask, undefined);
      } else {
        assert.deepEqual(mask, Uint8Array.of(1, 0, 0), operation);
        assert.ok(Number.isNaN(values[2]), operation);
        assert.ok(!Number.isNaN(values[1]), operation);
      }
    }
  });

  it('sum integers exactly beyond 2^53, and wrap beyond 64 bits', () => {
    // One more than float64 adds exactly at once.
    const count = 2 ** 21 + 1;
    const most = 2n ** 32n - 1n;
    const array: MaskedArray = {
      dtype: 'uint32',
      shape: [count],
      values: new Uint32Array(count).fill(Number(most)),
    };
    assert.equal(reduce('sum', array, [0]).values[0], BigInt(count) * most);
    const wide: MaskedArray = {
      dtype: 'int64',
      shape: [3],
      values: BigInt64Array.of(2n ** 63n - 1n, 1n, 5n),
    };
    assert.equal(reduce('sum', wide, [0]).values[0], -(2n ** 63n) + 5n);
    const carried = createAccumulator('sum', 'uint32', [], 3 * 2 ** 20);
    const tile: MaskedArray = {
      dtype: 'uint32',
      shape: [2 ** 18, 4],
      values: array.values.slice(0, 2 ** 20),
    };
    for (let i = 0; i < 3; i++) accumulate(carried, tile, [0, 1]);
    assert.equal(finish(carried).values[0], 3n * 2n ** 20n * most);
  });

  it('keep the variance of values far from zero', () => {
    const array: MaskedArray = {
      dtype: 'float64',
      shape: [4],
      values: Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4),
    };
    assert.equal(reduce('var', array, [0]).values[0], 1.25);
  });

  it('treat infinities as numbers', () => {
    const array: MaskedArray = {
      dtype: 'float32',
      shape: [4],
      values: Float32Array.of(1, Infinity, -Infinity, 2),
    };
    assert.equal(reduce('max', array, [0]).values[0], Infinity);
    assert.equal(reduce('min', array, [0]).values[0], -Infinity);
    assert.ok(Number.isNaN(reduce('sum', array, [0]).values[0]));
    assert.equal(reduce('count', array, [0]).values[0], 4n);
  });

  it('give the same from tiles and from partial results that travelled', () => {
    const dtype = fc.constantFrom('int16' as const, 'int64' as const, 'float32' as const, 'float64' as const);
    const property = fc.property(
      dtype,
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 15 }),
      fc.boolean(),
      fc.nat({ max: 4 }),
      fc.infiniteStream(fc.integer({ min: -50, max: 50 })),
      (type, shape, bits, hasMask, cut, stream) => {
        const count = elementCount(shape);
        const next = () => stream.next().value as number;
        const array: MaskedArray = { dtype: type, shape, values: allocateValues(type, count) };
        for (let i = 0; i < count; i++) {
          const value = next();
          (array.values as Float64Array)[i] = (
            isBigInt(type) ? BigInt(value) : type.startsWith('f') && value === 50 ? Number.NaN : value
          ) as number;
        }
        if (hasMask) array.mask = Uint8Array.from({ length: count }, () => (next() > 25 ? 1 : 0));
        const axes = [...shape.keys()].filter((axis) => ((bits >> axis) & 1) === 1);
        const axis = cut % shape.length;
        const middle = Math.floor(shape[axis] / 2);
        const parts = [part(array, axis, 0, middle), part(array, axis, middle, shape[axis])].filter(
          ({ values }) => values.length > 0,
        );
        for (const operation of reductionNames) {
          const whole = reduce(operation, array, axes);
          const cells = whole.shape;
          const at = shape.slice(0, axis).filter((_, i) => !axes.includes(i)).length;
          const total = axes.reduce((product, each) => product * shape[each], 1);
          const tiled = createAccumulator(operation, type, cells, total);
          parts.forEach((each, i) => {
            accumulate(
              tiled,
              each,
              axes,
              axes.includes(axis) ? undefined : cells.map((_, j) => (j === at && i === 1 ? middle : 0)),
            );
          });
          assertClose(finish(tiled), whole, `${operation} in tiles`);
          if (!axes.includes(axis)) continue;
          const partials = parts.map((each) => {
            const own = createAccumulator(operation, type, cells, (total / shape[axis]) * each.shape[axis]);
            accumulate(own, each, axes);
            return partialFromArrays(operation, type, cells, partialToArrays(own));
          });
          for (const other of partials.slice(1)) combine(partials[0], other);
          assertClose(finish(partials[0]), whole, `${operation} combined`);
        }
      },
    );
    fc.assert(property, { numRuns: 150 });
  });

  it('refuse arrays that are no partial result', () => {
    const good = partialToArrays(createAccumulator('mean', 'float32', [2], 3));
    for (const arrays of [
      [],
      good.slice(0, 3),
      good.slice(1),
      [...good, good[0]],
      [good[0], good[1], good[2], { ...good[3], values: new Float32Array(2) }],
    ]) {
      assert.throws(() => partialFromArrays('mean', 'float32', [2], arrays), /no partial result of "mean"/);
    }
    assert.throws(() => partialFromArrays('mean', 'float32', [3], good), /no partial result/);
  });
});

function part(array: MaskedArray, axis: number, start: number, end: number): MaskedArray {
  const shape = array.shape.with(axis, end - start);
  const from = { arrayShape: array.shape, origin: shape.map((_, i) => (i === axis ? start : 0)) };
  const to = { arrayShape: shape, origin: shape.map(() => 0) };
  const values = allocateValues(array.dtype, elementCount(shape));
  copyRegion(array.values, from, values, to, shape);
  if (array.mask === undefined) return { dtype: array.dtype, shape, values };
  const mask = new Uint8Array(values.length);
  copyRegion(array.mask, from, mask, to, shape);
  return { dtype: array.dtype, shape, values, mask };
}

function assertClose(actual: MaskedArray, expected: MaskedArray, what: string): void {
  assert.equal(actual.dtype, expected.dtype);
  for (let i = 0; i < expected.values.length; i++) {
    const place = `${what} at ${unravel(i, expected.shape)}`;
    assert.equal(actual.mask?.[i] ?? 0, expected.mask?.[i] ?? 0, place);
    if (expected.mask?.[i]) continue;
    const [a, b] = [Number(actual.values[i]), Number(expected.values[i])];
    assert.ok(
      Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b)),
      `${place}: ${a} and ${b}`,
    );
  }
}
