import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gather, gatherLine, lineSums } from '../../src/reductions/weighted-line.ts';
import { openRegion } from '../../src/wasm/region.ts';
import { assertSame } from './assert-same.ts';
import { inArena, randomMask, randomNumbers, randomValues } from './random-values.ts';

describe('weighted sums by kernels', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    it(`are those of the plain loop: ${dtype}`, () => {
      const property = fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 300 }),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (seed, length, masked, weighted, placed) => {
          const next = randomNumbers(seed);
          const [at, weightsAt] = [Math.floor(next() * 9), Math.floor(next() * 9)];
          const chance = [0, 0.01, 0.3][Math.floor(next() * 3)];
          using region = openRegion();
          const place = <T extends Parameters<typeof inArena>[1]>(values: T) =>
            (placed ? inArena(region, values) : values) as T;
          const x = place(randomValues(dtype, at + length + 3, next, chance));
          const mask = masked ? (place(randomMask(at + length + 3, next)) as Uint8Array) : undefined;
          const weights = weighted
            ? (place(randomValues('float64', weightsAt + length, next, chance)) as Float64Array)
            : undefined;
          const expected = new Float64Array(2);
          const met = gather(x, at, length, mask, weights, weightsAt, expected);
          assert.equal(gatherLine(dtype, { x, at, length, mask, weights, weightsAt }), met);
          assertSame(lineSums, expected);
        },
      );
      fc.assert(property, { numRuns: 300 });
    });
  }
});
