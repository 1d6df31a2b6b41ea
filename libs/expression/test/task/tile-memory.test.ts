import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { regularRuns } from '@hyperslab/array';
import { allowSimd } from '@hyperslab/kernels';
import type { Plan } from '@hyperslab/proto/expression';
import { runTask, type TaskIo } from '../../src/index.ts';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset, sampleReader } from '../sample-dataset.ts';

const shape = [24, 40, 50];
const variables: SampleVariable[] = ['a', 'b'].map((name, seed) => ({
  name,
  dimensions: ['time', 'y', 'x'],
  array: numbers(
    'float32',
    shape,
    Array.from({ length: 48_000 }, (_, i) => ((i * 7 + seed * 13) % 1_009) - 300),
  ),
  chunks: [regularRuns(24, 1), regularRuns(40, 20), regularRuns(50, 50)],
}));
const dataset = sampleDataset(variables, { a: [], b: [] });
/** A chunk each: there are many in a block. */
const options = { tileBytes: 4_000 };

/** Fetches after a while, to the memory of the tile; some fetches fail. */
function slowReader(plan: Plan, fails: () => boolean): TaskIo['fetchSource'] {
  const read = sampleReader(variables, plan);
  return async (source, ranges, memory, signal) => {
    await sleep(Math.random() * 3);
    const array = await read(source, ranges);
    const stored = memory.array(array.dtype, array.values.length) as Float32Array;
    await sleep(Math.random() * 3);
    if (fails()) throw new Error('this read failed');
    signal?.throwIfAborted();
    stored.set(array.values as Float32Array);
    return (into) => {
      const values = into.array(array.dtype, stored.length) as Float32Array;
      values.set(stored);
      return { ...array, values };
    };
  };
}

const noBlocks = () => Promise.reject(new Error('a first stage reads no blocks'));

/** Runs all tasks of a plan's first stage, each begun at another time. */
async function firstStage(plan: Plan, fails: () => boolean): Promise<PromiseSettledResult<Uint8Array>[]> {
  const io = {
    fetchSource: slowReader(plan, fails),
    readBlock: noBlocks,
    readParts: noBlocks,
  };
  const run = async (task: number) => {
    await sleep(Math.random() * 20);
    return runTask(plan, 0, task, io, options);
  };
  return Promise.allSettled(Array.from({ length: plan.stages[0].tasks }, (_, task) => run(task)));
}

describe('memory of tiles', function () {
  this.timeout(60_000);

  for (const text of [
    'a',
    'mean(a, time)',
    'sqrt(a * a + b * b)',
    'max(sqrt(a * a + b * b), time)',
    'std(a, y)',
  ]) {
    it(`is not another's while it is in use, whatever runs beside it and fails: ${text}`, async () => {
      const plan = await planText(text, dataset, { targetBlockBytes: 96_000 });
      allowSimd(false);
      const expected = await firstStage(plan, () => false).finally(() => allowSimd(true));
      assert.ok(expected.every(({ status }) => status === 'fulfilled'));
      for (let round = 0; round < 5; round++) {
        const runs = Array.from({ length: 20 }, (_, number) =>
          // Beside those that succeed, some of which reads fail while other tiles are on their way.
          firstStage(plan, () => number % 2 === 1 && Math.random() < 0.1),
        );
        for (const [number, found] of (await Promise.all(runs)).entries())
          if (number % 2 === 0) assert.deepEqual(found, expected);
      }
    });
  }
});
