import type { NumericType } from '@hyperslab/array';
import fc from 'fast-check';
import { allowSimd, openRegion, ordinaryMemory } from '../../src/index.ts';
import { type Accumulator, createAccumulator } from '../../src/reduce/accumulator.ts';
import { mergeMoments } from '../../src/reduce/combine.ts';
import { assertSame } from './assert-same.ts';
import { inArena, randomNumbers, randomValues } from './random-values.ts';

const fields = ['missing', 'nan', 'merged', 'means', 'squares'] as const;

/** Means and squares of cells that have got some of `total` elements. */
function made(cells: number, total: number, isMasked: boolean, next: () => number): Accumulator {
  const dtype: NumericType = 'float32';
  const accumulator = createAccumulator('std', dtype, [cells], total, ordinaryMemory);
  const few = () => new Float64Array(cells).map(() => Math.floor(next() * (total / 2 + 1)));
  // Of some cells nothing counts.
  const most = () => few().map((count) => (next() < 0.1 ? total : count));
  if (isMasked) accumulator.missing = most();
  accumulator.nan = isMasked
    ? few().map((count, cell) => Math.min(count, total - accumulator.missing![cell]))
    : most();
  accumulator.merged = few();
  for (const field of ['means', 'squares'] as const)
    accumulator[field] = randomValues('float64', cells, next, 0.02) as Float64Array;
  return accumulator;
}

describe('merging of moments by a kernel', () => {
  afterEach(() => allowSimd(true));

  it('gives what the plain loop gives', () => {
    const property = fc.property(
      fc.integer(),
      fc.integer({ min: 60, max: 200 }),
      fc.nat({ max: 20 }),
      fc.constantFrom(1, 2, 24),
      fc.constantFrom('neither', 'first', 'both'),
      (seed, cells, before, total, masked) => {
        using region = openRegion();
        const [expected, found] = [false, true].map((allow) => {
          allowSimd(allow);
          const next = randomNumbers(seed);
          const into = made(before + cells + 3, total, masked !== 'neither', next);
          const from = made(cells, total, masked === 'both', next);
          if (allow)
            for (const each of [into, from])
              for (const field of fields)
                if (each[field] !== undefined) each[field] = inArena(region, each[field]) as Float64Array;
          mergeMoments(into, from, [before]);
          return into;
        });
        for (const field of fields) assertSame(found[field] ?? [], expected[field] ?? [], field);
      },
    );
    fc.assert(property);
  });
});
