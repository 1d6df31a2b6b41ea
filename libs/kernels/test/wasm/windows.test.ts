import assert from 'node:assert/strict';
import type { NumberArray } from '@hyperslab/array';
import fc from 'fast-check';
import { windowLoops } from '../../src/reduce/window-loops.ts';
import { specialise } from '../../src/specialise.ts';
import { openRegion } from '../../src/wasm/region.ts';
import { withKernels } from '../../src/wasm/row-loop.ts';
import { assertSame } from './assert-same.ts';
import { inArena, randomNumbers, randomValues } from './random-values.ts';

type WindowSum = (typeof windowLoops)['windowSum'];

const drawn = fc.record({
  seed: fc.integer(),
  windows: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 60, max: 3000 })),
  length: fc.oneof(fc.constant(4), fc.integer({ min: 1, max: 32 })),
  chance: fc.constantFrom(0, 0.01, 0.3),
  placed: fc.boolean(),
  counted: fc.boolean(),
});

describe('sums of windows by kernels', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    const plain = specialise(windowLoops.windowSum) as WindowSum;
    const byKernel = withKernels('windowSum', dtype, undefined, plain);

    it(`are those of the plain loop: ${dtype}`, () => {
      assert.notEqual(byKernel, plain);
      fc.assert(
        fc.property(drawn, ({ seed, windows, length, chance, placed, counted }) => {
          const next = randomNumbers(seed);
          const [at, cell] = [Math.floor(next() * 9), Math.floor(next() * 5)];
          using region = openRegion();
          const place = (values: NumberArray) => (placed ? inArena(region, values) : values);
          const x = place(randomValues(dtype, at + windows * length + 3, next, chance));
          const cells = randomValues('float64', cell + windows + 2, next, chance);
          // Zeros of both signs are what rounding would not show.
          for (let i = 0; i < x.length; i++) if (next() < 0.1) x[i] = next() < 0.5 ? 0 : -0;
          const results = [plain, byKernel].map((loop) => {
            const sums = place(Float64Array.from(cells)) as Float64Array;
            const nan = counted ? new Float64Array(cells.length) : undefined;
            loop(x, at, windows, length, sums, cell, nan);
            return [sums, nan ?? new Float64Array(0)];
          });
          results[1].forEach((array, i) => {
            assertSame(array, results[0][i]);
          });
        }),
        { numRuns: 300 },
      );
    });
  }
});
