import assert from 'node:assert/strict';
import fc from 'fast-check';
import { thinGrid, thinLine } from '../../src/explore/thin.ts';

const axes = { rows: 0, columns: 1 };

describe('thinning', () => {
  it('leaves a grid that fits as it is', () => {
    const { step, rows, columns } = thinGrid([180, 360], axes);
    assert.deepEqual(
      { step, rows: rows.count, columns: columns.count },
      { step: 1, rows: 180, columns: 360 },
    );
  });

  it('keeps every grid within bounds, its first cell, and cells up to its edges', () => {
    const extent = fc.integer({ min: 1, max: 2_000_000 });
    fc.assert(
      fc.property(extent, extent, (height, width) => {
        const { step, rows, columns } = thinGrid([height, width], axes);
        assert.ok(rows.count * columns.count <= 131_072, `${rows.count} × ${columns.count}`);
        for (const [range, extent] of [
          [rows, height],
          [columns, width],
        ] as const) {
          const last = range.start + (range.count - 1) * range.step;
          assert.ok(range.start === 0 && range.step === step && last < extent && last + step >= extent);
        }
      }),
    );
  });

  it('keeps every line within bounds', () => {
    assert.deepEqual(thinLine(4000), { start: 0, count: 4000, step: 1 });
    assert.deepEqual(thinLine(100_000), { start: 0, count: 4000, step: 25 });
    assert.deepEqual(thinLine(4001), { start: 0, count: 2001, step: 2 });
  });
});
