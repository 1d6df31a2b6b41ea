import assert from 'node:assert/strict';
import { runTask, type TaskIo } from '../../src/index.ts';
import { planText } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset, sampleReader } from '../sample-dataset.ts';

const shape = [400, 3, 40];
const random = Array.from({ length: 48_000 }, (_, i) => (i * 7919) % 1_009);
const variables: SampleVariable[] = [
  { name: 't', dimensions: ['time', 'y', 'x'], array: numbers('float32', shape, random) },
  {
    name: 'n',
    dimensions: ['time', 'y', 'x'],
    array: { dtype: 'int64', shape, values: BigInt64Array.from(random, BigInt) },
  },
];
const dataset = sampleDataset(variables, { t: [], n: [] });
const noBlocks = () => Promise.reject(new Error('a first stage reads no blocks'));
const list = Array.from({ length: 50 }, (_, i) => 2 * i);

/** What computes long between two tiles, and how often it asks at least whether it is wanted, in the one tile that this is. */
const long: [text: string, looks: number][] = [
  ['diff(t, time, n=60)', 60],
  ['rolling(t, median, time=200)', 120],
  ['rolling(n, sum, time=200)', 120],
  ['rolling(t, mean, time=200)', 6],
  ['cumsum(n, time)', 120],
  [`percentile(t, [${list}], time)`, 6_000],
  [`percentile(t, [${list}], time, method=tdigest)`, 120],
  [`interpolate(t, onto=t + 0, time=[${list}])`, 50],
  ['sqrt(rolling(sqrt(t), mean, time=2))', 9],
];

/** Runs the one task of an expression in one tile, which is cancelled when it has asked so often. */
async function run(text: string, cancelledAt: number): Promise<number> {
  const plan = await planText(text, dataset);
  assert.deepEqual(
    plan.stages.map(({ tasks }) => tasks),
    [1],
  );
  const read = sampleReader(variables, plan);
  const fetchSource: TaskIo['fetchSource'] = async (source, ranges) => {
    const array = await read(source, ranges);
    return () => array;
  };
  let looks = 0;
  const throwIfCancelled = () => {
    if (++looks === cancelledAt) throw new Error('cancelled');
  };
  const io = { fetchSource, readBlock: noBlocks, readParts: noBlocks, throwIfCancelled };
  await runTask(plan, 0, 0, io, { tileBytes: 2 ** 30 });
  return looks;
}

describe('a tile', () => {
  for (const [text, least] of long)
    it(`is given up wherever it is cancelled: ${text.slice(0, 40)}`, async () => {
      const looks = await run(text, -1);
      assert.ok(looks >= least, `${looks} looks`);
      for (const at of [1, Math.ceil(looks / 2), looks])
        await assert.rejects(run(text, at), { message: 'cancelled' });
    });
});
