import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { decodeBlock, runTask, type TaskIo } from '../../src/index.ts';
import { preparePlan } from '../../src/task/prepared-plan.ts';
import { tilesOf } from '../../src/task/stage-tiles.ts';
import { compute, planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset, sampleReader } from '../sample-dataset.ts';

const shape = [6, 4];
const variables: SampleVariable[] = [
  {
    name: 'a',
    dimensions: ['y', 'x'],
    array: { ...numbers('float32', shape, [...Array(24).keys()]), mask: new Uint8Array(24).fill(1, 5, 7) },
    chunks: [regularRuns(6, 1), regularRuns(4, 4)],
  },
  { name: 'y', dimensions: ['y'], array: numbers('float64', [6], [1, 2, 3, 4, 5, 6]) },
];
const dataset = sampleDataset(variables, { a: [{ variable: 'y', dimensions: ['y'] }] });
const noBlocks = () => Promise.reject(new Error('a first stage reads no blocks'));

describe('tiles of a stage', () => {
  it('are worked out once for all of its tasks', async () => {
    const prepared = preparePlan(await planText('mean(a + 1, x)', dataset));
    const [stage] = prepared.plan.stages;
    assert.equal(tilesOf(prepared, stage), tilesOf(prepared, stage));
    assert.deepEqual(tilesOf(prepared, stage).reduced, [1]);
  });

  it('make the same block of one and of many', async () => {
    const plan = await planText('a * 2', dataset);
    const read = sampleReader(variables, plan);
    const fetchSource: TaskIo['fetchSource'] = async (source, ranges) => {
      const array = await read(source, ranges);
      return () => array;
    };
    const io = { fetchSource, readBlock: noBlocks, readParts: noBlocks };
    const of = async (tileBytes: number) => decodeBlock(await runTask(plan, 0, 0, io, { tileBytes }))[0];
    const whole = await of(2 ** 20);
    assert.deepEqual(whole.shape, shape);
    assert.deepEqual([...(whole.mask ?? [])], [...(variables[0].array.mask ?? [])]);
    assert.deepEqual(await of(16), whole);
  });

  it('are those of all kernels of one version where operations need more in the middle than at an edge', async () => {
    const count = 30_000;
    const values = Array.from({ length: count }, (_, i) => ((i * 2654435761) % 2 ** 32) / 2 ** 32);
    const of = async (text: string, chunk: number) => {
      const array = numbers('float64', [count], values);
      const t = { name: 't', dimensions: ['time'], array, chunks: [regularRuns(count, chunk)] };
      return (await compute(text, sampleDataset([t]), [t])).values[0];
    };
    // As they were before blocks of one tile were told beforehand: in other tiles the last bits are others.
    assert.equal(await of('sum(t - rolling(t, mean, time=5), time)', 20_000), -0.105065605416857);
    const windows = 'mean(t - rolling(t, mean, time=5) + rolling(t, mean, time=7), time)';
    assert.equal(await of(windows, 1_000), 0.500004230300611);
  });

  it('read nothing for what the plan has', async () => {
    const plan = await planText('y * 2', dataset);
    const io = { fetchSource: noBlocks, readBlock: noBlocks, readParts: noBlocks };
    const [array] = decodeBlock(await runTask(plan, 0, 0, io));
    assert.deepEqual([...array.values], [2, 4, 6, 8, 10, 12]);
  });
});
