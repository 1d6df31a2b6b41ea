import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { estimate } from '../../src/index.ts';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const variables: SampleVariable[] = [
  {
    name: 'a',
    dimensions: ['time', 'y', 'x'],
    array: numbers('float32', [12, 8, 10], new Array<number>(960).fill(1)),
    chunks: [regularRuns(12, 1), regularRuns(8, 8), regularRuns(10, 10)],
  },
  {
    name: 'deep',
    dimensions: ['time', 'y', 'x'],
    array: numbers('float32', [64, 8, 10], new Array<number>(5120).fill(1)),
    chunks: [regularRuns(64, 1), regularRuns(8, 8), regularRuns(10, 10)],
  },
];
const dataset = sampleDataset(variables, { a: [], deep: [] });
const costOf = async (text: string, targetBlockBytes?: number) =>
  estimate(await planText(text, dataset, { targetBlockBytes }));

describe('the cost of a plan', () => {
  it('of one stage moves nothing, and takes what is read and what is made', async () => {
    assert.deepEqual(await costOf('a * 2.0'), {
      sourceBytes: 3840,
      resultBytes: 3840,
      tasks: 1,
      movedBytes: 0,
      taskBytes: 2 * 3840,
    });
  });

  it('of a reduction has its cells, and of partial results what is combined', async () => {
    // 80 cells of 16 bytes, beside all that is read.
    assert.equal((await costOf('mean(a, time)')).taskBytes, 80 * 16 + 3840);
    // A block of four of the twelve times: three partial results, and one that they are combined to.
    const { tasks, movedBytes } = await costOf('mean(a, time)', 4 * 320);
    assert.deepEqual([tasks, movedBytes], [4, 3 * 80 * 16]);
  });

  it('of a reduction to large fields has few partial results, but enough to keep workers busy', async () => {
    // A partial result takes four times what a time takes: with blocks of two times, more would be sent than is read.
    const { tasks, movedBytes } = await costOf('mean(deep, time)', 640);
    assert.deepEqual([tasks, movedBytes], [16 + 1, 16 * 80 * 16]);
  });

  it('of groups has these, once for each part of a group that is cut', async () => {
    // Four groups of three times of 80 cells.
    const whole = await costOf('coarsen(a, mean, time=3)');
    assert.deepEqual([whole.tasks, whole.movedBytes], [1, 0]);
    assert.equal(whole.taskBytes, 4 * 80 * 16 + 3840);
  });

  it('of values that a later stage takes in has these', async () => {
    const { movedBytes } = await costOf('a * 2.0 - max(a)', 2000);
    // Two partial results of one cell, and their combination.
    assert.equal(movedBytes, 2 * 16 + 4);
  });
});
