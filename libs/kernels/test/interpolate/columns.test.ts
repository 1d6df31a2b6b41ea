import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { MaskedArray } from '@hyperslab/array';
import { hasPython, runPython, skip, withRandomSeed } from '@hyperslab/testing';
import { interpolateColumns } from '../../src/index.ts';

interface Case {
  shape: [number, number];
  heights: number[];
  values: number[];
  targets: number[];
  /** For each column, for each target. */
  expected: Record<'linear' | 'log', (number | null)[][]>;
}

const script = join(import.meta.dirname, 'foreign/columns-random.py');

function float64(shape: number[], values: number[], mask?: number[]): MaskedArray {
  return { dtype: 'float64', shape, values: Float64Array.from(values), mask: mask && Uint8Array.from(mask) };
}

function plain({ values, mask }: MaskedArray): (number | null)[] {
  return Array.from(values as Float64Array, (value, i) => (mask?.[i] ? null : value));
}

describe('interpolation in columns', () => {
  it('makes of random columns what numpy makes of each', async function () {
    if (!hasPython('numpy')) skip(this, 'no numpy; "npm test" installs it');
    this.timeout(60_000);
    await withRandomSeed((seed) => {
      for (const { shape, heights, values, targets, expected } of runPython<Case>(script, seed, 200)) {
        for (const method of ['linear', 'log'] as const) {
          const result = plain(
            interpolateColumns(
              float64(shape, values),
              float64(shape, heights),
              0,
              Float64Array.from(targets),
              method,
            ),
          );
          expected[method].forEach((column, i) => {
            column.forEach((value, t) => {
              const found = result[t * shape[1] + i];
              const isSame =
                value === null || found === null ? value === found : Math.abs(value - found) < 1e-12;
              assert.ok(isSame, `${method}, target ${t} of column ${i}: ${found}, numpy has ${value}`);
            });
          });
        }
      }
    });
  });

  it('is missing next to what is missing, but not at a height that is met', () => {
    const heights = float64([1, 4], [100, 200, 300, 400], [0, 0, 0, 1]);
    const array = float64([1, 4], [1, 2, 3, 4], [1, 0, 0, 0]);
    const at = (method: 'linear' | 'nearest', ...targets: number[]) =>
      plain(interpolateColumns(array, heights, 1, Float64Array.from(targets), method));
    assert.deepEqual(at('linear', 150, 200, 250, 300, 350), [null, 2, 2.5, 3, null]);
    assert.deepEqual(at('nearest', 140, 160, 250, 251, 350), [null, 2, 2, 3, null]);
  });

  it('takes of two levels that are as near the lower, whichever comes first', () => {
    for (const [heights, expected] of [
      [[100, 200], 1],
      [[200, 100], 2],
    ] as const) {
      const target = Float64Array.of(150);
      const result = interpolateColumns(
        float64([2], [1, 2]),
        float64([2], [...heights]),
        0,
        target,
        'nearest',
      );
      assert.deepEqual(plain(result), [expected]);
    }
  });

  it('is missing next to a height that is infinite, or has no logarithm, from either side', () => {
    const at = (method: 'linear' | 'log', heights: number[]) =>
      plain(
        interpolateColumns(
          float64([3], [1, 2, 3]),
          float64([3], heights),
          0,
          Float64Array.of(50, 100, 150),
          method,
        ),
      );
    for (const end of [0, -1]) {
      assert.deepEqual(at('log', [end, 100, 200]).slice(0, 2), [null, 2]);
      assert.deepEqual(at('log', [200, 100, end]).slice(0, 2), [null, 2]);
    }
    assert.deepEqual(at('linear', [-Infinity, 100, 200]), [null, 2, 2.5]);
    assert.deepEqual(at('linear', [200, 100, -Infinity]), [null, 2, 1.5]);
  });

  it('takes the first crossing of a column that goes back, and keeps whole numbers whole where one is taken', () => {
    const heights = float64([4], [0, 10, 0, 10]);
    const linear = interpolateColumns(float64([4], [1, 2, 3, 4]), heights, 0, Float64Array.of(5), 'linear');
    assert.deepEqual(plain(linear), [1.5]);
    const whole: MaskedArray = { dtype: 'int64', shape: [4], values: BigInt64Array.of(7n, 8n, 9n, 10n) };
    assert.deepEqual(
      interpolateColumns(whole, heights, 0, Float64Array.of(2), 'nearest').values,
      BigInt64Array.of(7n),
    );
    assert.deepEqual(plain(interpolateColumns(whole, heights, 0, Float64Array.of(5), 'linear')), [7.5]);
  });
});
