import assert from 'node:assert/strict';
import type { MaskedArray, NumberArray, NumericType } from '@hyperslab/array';
import fc from 'fast-check';
import { type Rolling, rolling } from '../../src/index.ts';
import { columnOf, randomColumns } from './random-columns.ts';

const windowsOf = (array: MaskedArray, long: number, after: number, few: number) => {
  const extent = array.shape[1];
  const size = 1 + (long % extent);
  const behind = after % size;
  const least = 1 + (few % size);
  return { before: size - 1 - behind, after: behind, extent, start: 0, first: 0, count: extent, least };
};
const arbitraryWindows = [fc.nat(), fc.nat(), fc.nat()] as const;

/** Each window for itself; undefined where it has too few numbers. */
function plainly(
  array: MaskedArray,
  { before, after, extent, least }: ReturnType<typeof windowsOf>,
  of: (numbers: NumberArray) => number | bigint,
): (number | bigint | undefined)[] {
  const [outers, , inners] = array.shape;
  const results: (number | bigint | undefined)[] = [];
  for (let outer = 0; outer < outers; outer++)
    for (let i = 0; i < extent; i++)
      for (let inner = 0; inner < inners; inner++) {
        const window = columnOf(array, outer, inner).slice(Math.max(0, i - before), i + after + 1);
        const numbers = window.filter((value) => value !== undefined && !Number.isNaN(value));
        results.push(numbers.length < least ? undefined : of(numbers as never));
      }
  return results;
}

const found = ({ values, mask }: MaskedArray) =>
  Array.from(values as NumberArray, (value, i) => (mask?.[i] === 1 ? undefined : value));

function median(dtype: string): (numbers: NumberArray) => number {
  return (numbers) => {
    const sorted = Float64Array.from(numbers, Number).sort();
    const half = sorted.length >> 1;
    const middle = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return dtype === 'float32' ? Math.fround(middle) : middle;
  };
}

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : 1);
const exactly: [Rolling, (numbers: BigInt64Array) => bigint][] = [
  ['sum', (numbers) => numbers.reduce((a, b) => a + b, 0n)],
  ['min', (numbers) => [...numbers].sort(ascending)[0]],
  ['max', (numbers) => [...numbers].sort(ascending).at(-1)!],
];

describe('moving windows', () => {
  it('have the medians that sorting each of them has, to the bit', () => {
    const types: NumericType[] = ['float32', 'float64', 'int16', 'int64'];
    const property = fc.property(randomColumns(types), ...arbitraryWindows, (array, ...sizes) => {
      const windows = windowsOf(array, ...sizes);
      assert.deepEqual(
        found(rolling('median', array, 1, windows)),
        plainly(array, windows, median(array.dtype)),
      );
    });
    fc.assert(property);
  });

  for (const [operation, of] of exactly)
    it(`of 64-bit integers have an exact ${operation}`, () => {
      const property = fc.property(
        randomColumns(['int64', 'uint64']),
        ...arbitraryWindows,
        (array, ...sizes) => {
          const windows = windowsOf(array, ...sizes);
          const wrap = array.dtype === 'int64' ? BigInt.asIntN : BigInt.asUintN;
          const expected = plainly(array, windows, (numbers) =>
            wrap(64, of(numbers as unknown as BigInt64Array)),
          );
          assert.deepEqual(found(rolling(operation, array, 1, windows)), expected);
        },
      );
      fc.assert(property);
    });

  it('are the same in whatever part they are computed', () => {
    const types: NumericType[] = ['float64', 'int64'];
    const operation = fc.constantFrom<Rolling>('median', 'sum', 'min', 'max', 'mean', 'std', 'count');
    const property = fc.property(
      randomColumns(types),
      operation,
      fc.nat(),
      ...arbitraryWindows,
      (array, each, cut, ...sizes) => {
        const windows = windowsOf(array, ...sizes);
        const [outers, length, inners] = array.shape;
        const whole = found(rolling(each, array, 1, windows));
        const first = cut % length;
        const start = Math.max(0, first - windows.before);
        const at = (outer: number) => outer * length * inners;
        const rest = <T extends NumberArray>(of: T) =>
          Array.from({ length: outers }, (_, outer) => [
            ...of.subarray(at(outer) + start * inners, at(outer + 1)),
          ]);
        const values = (array.values as Float64Array).slice(0, outers * (length - start) * inners);
        values.set(rest(array.values as Float64Array).flat());
        const mask = array.mask && Uint8Array.from(rest(array.mask).flat());
        const part = { ...array, shape: [outers, length - start, inners], values, mask };
        const ofPart = found(rolling(each, part, 1, { ...windows, start, first, count: length - first }));
        const expected = Array.from({ length: outers }, (_, outer) =>
          whole.slice(at(outer) + first * inners, at(outer + 1)),
        );
        assert.deepEqual(ofPart, expected.flat());
      },
    );
    fc.assert(property);
  });
});
