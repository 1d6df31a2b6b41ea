import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Reduction, reductionNames } from '../../src/reduce/accumulator.ts';
import { reductionKind } from '../../src/reductions/registry.ts';
import { openRegion } from '../../src/wasm/region.ts';
import { allowSimd } from '../../src/wasm/simd.ts';
import { inArena, randomMask, randomNumbers, randomValues } from './random-values.ts';

/** Values of a reduction over the first of two dimensions, of tiles with and without a mask. */
function reduced(
  operation: Reduction,
  dtype: 'float32' | 'float64',
  cells: number,
  seed: number,
  ddof: number,
) {
  const next = randomNumbers(seed);
  using region = openRegion();
  const rows = Math.floor(next() * 4);
  const request = {
    dtype,
    otherTypes: [],
    shape: [cells],
    total: rows,
    parameters: { ddof },
    memory: region,
  };
  const partial = reductionKind(operation).create(request);
  for (let row = 0; row < rows; row++) {
    const values = inArena(region, randomValues(dtype, cells, next, 0.2));
    const mask = next() < 0.5 ? randomMask(cells, next) : undefined;
    partial.add({ dtype, shape: [1, cells], values, mask }, [], [0], [0], [row, 0]);
  }
  const { values, mask } = partial.finish();
  return { values: (values as Float32Array).slice(), mask: mask?.slice() };
}

describe('values of reductions by kernels', () => {
  afterEach(() => allowSimd(true));

  for (const operation of reductionNames) {
    it(`are those of the plain loops: ${operation}`, () => {
      const property = fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom('float32' as const, 'float64' as const),
        fc.integer({ min: 0, max: 2 }),
        (seed, cells, dtype, ddof) => {
          allowSimd(false);
          const expected = reduced(operation, dtype, cells, seed, ddof);
          allowSimd(true);
          const found = reduced(operation, dtype, cells, seed, ddof);
          assert.deepEqual(found.mask, expected.mask);
          const shown = (values: ArrayLike<unknown>) =>
            [...Array(cells).keys()].map((cell) => (expected.mask?.[cell] ? 0 : values[cell]));
          assert.deepEqual(shown(found.values), shown(expected.values));
        },
      );
      fc.assert(property, { numRuns: 100 });
    });
  }
});
