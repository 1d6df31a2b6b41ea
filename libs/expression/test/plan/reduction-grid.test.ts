import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const shape = [24, 4, 8, 10];
const chunkBytes = 4 * 4 * 5;
const variables: SampleVariable[] = [
  {
    name: 'a',
    dimensions: ['time', 'level', 'y', 'x'],
    array: numbers('float32', shape, new Array<number>(24 * 4 * 80).fill(1)),
    chunks: [regularRuns(24, 1), regularRuns(4, 1), regularRuns(8, 4), regularRuns(10, 5)],
  },
];
const dataset = sampleDataset(variables, { a: [] });

describe('blocks that a reduction takes in', () => {
  it('grow along what stays from the outside, so that a chunk stays one run of cells, while there are sixteen', async () => {
    const plan = await planText('max(a, level)', dataset, { targetBlockBytes: 100 * chunkBytes });
    // Four levels of six times: 24 chunks are a sixteenth of all 384.
    assert.deepEqual(plan.stages[0].blockGrid, [
      regularRuns(24, 6),
      regularRuns(4, 4),
      regularRuns(8, 4),
      regularRuns(10, 5),
    ]);
    assert.equal(plan.stages[0].tasks, 16);
  });

  it('grow from the inside where values are made of them, or others beside them are needed', async () => {
    const options = { targetBlockBytes: 96 * chunkBytes };
    const evaluated = await planText('a * 2.0', dataset, options);
    const inside = [regularRuns(24, 1), regularRuns(4, 4), regularRuns(8, 8), regularRuns(10, 10)];
    assert.deepEqual(evaluated.stages[0].blockGrid, inside);
    const smoothed = await planText('max(rolling(a, mean, x=3), level)', dataset, options);
    assert.equal(smoothed.stages.length, 1);
    assert.deepEqual(smoothed.stages[0].blockGrid.slice(1), inside.slice(1));
  });

  it('of little are as large as makes a task worth its while', async () => {
    const plan = await planText('max(a, level)', dataset, { targetBlockBytes: 400 * chunkBytes });
    assert.deepEqual(plan.stages[0].blockGrid[0], regularRuns(24, 24));
    assert.equal(plan.stages[0].tasks, 4);
  });
});
