import assert from 'node:assert/strict';
import {
  appendRun,
  cellCount,
  cellOf,
  cellSpan,
  gridCell,
  type RunLengths,
  regularRuns,
  runsExtent,
} from '@hyperslab/array';
import fc from 'fast-check';

function runsOf(sizes: number[]): RunLengths {
  const runs: RunLengths = { sizes: [], counts: [] };
  for (const size of sizes) appendRun(runs, size, 1);
  return runs;
}

describe('chunk-grid', () => {
  it('finds the cell of every index, and the span of every cell', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }), (sizes) => {
        const runs = runsOf(sizes);
        assert.equal(cellCount(runs), sizes.length);
        let start = 0;
        for (const [cell, size] of sizes.entries()) {
          assert.deepEqual(cellSpan(runs, cell), { start, size });
          for (let i = 0; i < size; i++) assert.equal(cellOf(runs, start + i), cell);
          start += size;
        }
        assert.equal(runsExtent(runs), start);
        assert.throws(() => cellOf(runs, start), RangeError);
        assert.throws(() => cellSpan(runs, sizes.length), RangeError);
      }),
    );
  });

  it('cuts a regular grid with a shorter last cell', () => {
    assert.deepEqual(regularRuns(10, 4), { sizes: [4, 2], counts: [2, 1] });
    assert.deepEqual(regularRuns(8, 4), { sizes: [4], counts: [2] });
    assert.deepEqual(regularRuns(3, 4), { sizes: [3], counts: [1] });
    assert.deepEqual(regularRuns(0, 4), { sizes: [], counts: [] });
  });

  it('gives origin and shape of a cell in several dimensions', () => {
    const grid = [regularRuns(10, 4), runsOf([31, 28])];
    assert.deepEqual(gridCell(grid, [2, 1]), { origin: [8, 31], shape: [2, 28] });
  });
});
