import assert from 'node:assert/strict';
import type { NumberArray, NumericType } from '@hyperslab/array';
import fc from 'fast-check';
import { loops } from '../../src/reduce/loops.ts';
import { specialise } from '../../src/specialise.ts';
import { openRegion } from '../../src/wasm/region.ts';
import { withKernels } from '../../src/wasm/row-loop.ts';
import { assertSame } from './assert-same.ts';
import { inArena, randomMask, randomNumbers, randomValues } from './random-values.ts';

type AnyLoop = (...parameters: unknown[]) => unknown;

const floats = ['float32', 'float64'] as const;
const numbers = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', ...floats] as const;
const better = { min: (a: number, b: number) => a < b, max: (a: number, b: number) => a > b };

/** A row and what it is added to. */
interface Row {
  x: NumberArray;
  at: number;
  length: number;
  cells: NumberArray;
  cell: number;
  nan: Float64Array;
  missing: Float64Array;
  means: Float64Array;
  /** How many elements each cell has got. */
  merged: Float64Array;
  mask?: Uint8Array;
}

/** How each loop is called. */
const calls: Record<
  string,
  { masked: 'always' | 'never' | 'both'; run: (loop: AnyLoop, row: Row) => unknown }
> = {
  Sum: { masked: 'never', run: (loop, { x, at, length, cells, cell }) => loop(x, at, length, cells, cell) },
  SumMasked: {
    masked: 'always',
    run: (loop, { x, at, length, cells, cell, nan, mask, missing }) =>
      loop(x, at, length, cells, cell, nan, mask, missing),
  },
  Squares: {
    masked: 'both',
    run: (loop, { x, at, length, cells, cell, means, mask }) => loop(x, at, length, cells, cell, means, mask),
  },
  Moments: {
    masked: 'both',
    run: (loop, { x, at, length, merged, means, cells, cell, nan, mask, missing }) =>
      loop(x, at, length, merged, means, cells, cell, nan, mask, missing),
  },
  Count: {
    masked: 'both',
    run: (loop, { x, at, length, cell, nan, mask, missing }) => loop(x, at, length, cell, nan, mask, missing),
  },
  Extreme: {
    masked: 'both',
    run: (loop, { x, at, length, cells, cell, nan, mask, missing }) =>
      loop(x, at, length, cells, cell, nan, mask, missing),
  },
};

function makeRow(
  dtype: NumericType,
  cellType: NumericType,
  seed: number,
  length: number,
  masked: boolean,
): Row {
  const next = randomNumbers(seed);
  const [at, cell] = [Math.floor(next() * 20), Math.floor(next() * 5)];
  const chance = [0, 0.01, 0.3][Math.floor(next() * 3)];
  const cells = cell + length + 3;
  return {
    x: randomValues(dtype, at + length + 5, next, chance),
    at,
    length,
    cells: randomValues(cellType, cells, next, chance),
    cell,
    nan: new Float64Array(cells).fill(2),
    missing: new Float64Array(cells).fill(3),
    means: randomValues('float64', cells, next, chance) as Float64Array,
    // Mostly all have as many.
    merged: new Float64Array(cells).map(() => (next() < 0.1 ? Math.floor(next() * 3) : 7)),
    mask: masked ? randomMask(at + length + 5, next) : undefined,
  };
}

const rowLength = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 60, max: 200 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 63 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: -20, max: 20 }))
      .map(([blocks, more]) => blocks * 8192 + more),
  },
);

function check(kind: 'spread' | 'gather', name: string, dtype: NumericType, operation?: 'min' | 'max'): void {
  const plain = specialise(
    loops[`${kind}${name}` as keyof typeof loops],
    operation === undefined ? undefined : better[operation],
  ) as AnyLoop;
  const fast = withKernels(`${kind}${name}`, dtype, operation, plain);
  const cellType = name === 'Extreme' ? dtype : 'float64';
  const { masked, run } = calls[name];
  const property = fc.property(
    fc.integer(),
    rowLength,
    fc.boolean(),
    fc.constantFrom('none', 'elements', 'all'),
    (seed, length, some, place) => {
      const row = makeRow(dtype, cellType, seed, length, masked === 'always' || (masked === 'both' && some));
      using region = openRegion();
      const other = makeRow(dtype, cellType, seed, length, row.mask !== undefined);
      if (place !== 'none') other.x = inArena(region, other.x);
      if (place === 'all') {
        other.cells = inArena(region, other.cells);
        for (const key of ['nan', 'missing', 'means', 'merged'] as const)
          other[key] = inArena(region, other[key]) as Float64Array;
        if (other.mask !== undefined) other.mask = inArena(region, other.mask) as Uint8Array;
      }
      const expected = run(plain, row);
      const actual = run(fast, other);
      for (const key of ['x', 'cells', 'nan', 'missing', 'means', 'merged'] as const)
        assertSame(other[key], row[key], key);
      if (name !== 'Sum') return;
      const anyNan = row.x.subarray(row.at, row.at + length).some(Number.isNaN);
      // The plain check is NaN for infinities that met, too.
      if (anyNan || !Number.isNaN(expected)) assert.equal(Number.isNaN(actual), anyNan);
    },
  );
  fc.assert(property, { numRuns: 60 });
}

describe('row loops by kernels', () => {
  for (const dtype of floats) {
    it(`sum ${dtype} as the plain loops`, () => {
      check('spread', 'Sum', dtype);
      check('gather', 'Sum', dtype);
      check('spread', 'SumMasked', dtype);
      check('gather', 'SumMasked', dtype);
    });
    it(`sum squares of ${dtype} as the plain loops`, () => {
      check('spread', 'Squares', dtype);
      check('gather', 'Squares', dtype);
    });
    it(`add ${dtype} to means and squares as the plain loops`, () => check('spread', 'Moments', dtype));
  }
  for (const dtype of numbers) {
    it(`count what is left out of ${dtype} as the plain loops`, () => {
      check('spread', 'Count', dtype);
      check('gather', 'Count', dtype);
    });
    it(`find extremes of ${dtype} as the plain loops`, () => {
      for (const operation of ['min', 'max'] as const) {
        check('spread', 'Extreme', dtype, operation);
        check('gather', 'Extreme', dtype, operation);
      }
    });
  }

  it('are the plain ones for integers of 64 bits and for sums of integers', () => {
    const plain = () => undefined;
    assert.equal(withKernels('spreadCount', 'int64', undefined, plain), plain);
    assert.equal(withKernels('spreadSum', 'int16', undefined, plain), plain);
    assert.notEqual(withKernels('spreadSum', 'float32', undefined, plain), plain);
  });
});
