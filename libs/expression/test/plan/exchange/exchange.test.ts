import assert from 'node:assert/strict';
import { cellCount, regularRuns } from '@hyperslab/array';
import { StageKind, stageKindToJSON } from '@hyperslab/proto/expression';
import { assemble, planText, runPlan } from '../../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../../sample-dataset.ts';

const shape = [24, 10, 14];
const count = 24 * 10 * 14;
const values = Array.from({ length: count }, (_, i) => ((i * 37) % 101) / 7 - 5);
const masked = {
  ...numbers('float32', shape, values),
  mask: Uint8Array.from(values, (value) => +(value > 8)),
};
/** Fields of one time, of which a block of all times has little. */
const fields = [regularRuns(24, 1), regularRuns(10, 10), regularRuns(14, 7)];
const variables: SampleVariable[] = [
  { name: 'a', dimensions: ['time', 'y', 'x'], array: masked, chunks: fields },
  {
    name: 'b',
    dimensions: ['time', 'y', 'x'],
    array: numbers('int32', shape, values.map(Math.round)),
    chunks: fields,
  },
  {
    name: 'whole',
    dimensions: ['time', 'y', 'x'],
    array: numbers('float32', shape, values),
    chunks: [regularRuns(24, 24), regularRuns(10, 2), regularRuns(14, 14)],
  },
];
const dataset = sampleDataset(variables, { a: [], b: [], whole: [] });
const small = { targetBlockBytes: 800, exchangeBytes: 1 };
const never = { ...small, exchangeBytes: Number.POSITIVE_INFINITY };

async function kindsOf(text: string, options = small): Promise<string[]> {
  const { stages } = await planText(text, dataset, options);
  return stages.map(({ kind }) => stageKindToJSON(kind).replace('STAGE_KIND_', ''));
}

describe('exchanges', () => {
  it('are made of what blocks need little of each of many chunks of', async () => {
    assert.deepEqual(await kindsOf('median(a, time)'), ['EXCHANGE', 'REDUCE_PARTIAL']);
    assert.deepEqual(await kindsOf('cumsum(a, time)'), ['EXCHANGE', 'EVALUATE']);
    assert.deepEqual(await kindsOf('median(whole, time)'), ['REDUCE_PARTIAL']);
    // Of chunks that are larger than blocks, an exchange would not spare decoding.
    assert.deepEqual(await kindsOf('median(whole, time)', { ...small, targetBlockBytes: 300 }), [
      'REDUCE_PARTIAL',
    ]);
    assert.deepEqual(await kindsOf('a + 1'), ['EVALUATE']);
    assert.ok(!(await kindsOf('mean(a, time)')).includes('EXCHANGE'));
    // Of blocks that are made before as well.
    const [, ...behind] = await kindsOf('median(coarsen(a, mean, y=2), time)');
    assert.deepEqual(behind.slice(-2), ['EXCHANGE', 'REDUCE_PARTIAL']);
  });

  it('are not made of little', async () => {
    assert.deepEqual(await kindsOf('median(a, time)', never), ['REDUCE_PARTIAL']);
    assert.deepEqual(await kindsOf('median(a, time)', { ...small, exchangeBytes: 128 * 2 ** 20 }), [
      'REDUCE_PARTIAL',
    ]);
  });

  it('have the values of functions, if these are no more than what they are made of', async () => {
    assert.deepEqual(await kindsOf('median(sqrt(a ^ 2 + b ^ 2), time)'), ['EXCHANGE', 'REDUCE_PARTIAL']);
    // Float64 of int32: values of the source are less.
    const plan = await planText('median(sqrt(b), time)', dataset, small);
    const [exchange] = plan.stages;
    assert.equal(plan.nodes[exchange.node].dtype, 'int32');
  });

  it('decode each chunk once, in blocks that are long where parts are', async () => {
    const plan = await planText('median(a, time)', dataset, { ...small, targetBlockBytes: 1_600 });
    const [exchange, reduce] = plan.stages;
    assert.deepEqual(exchange.partGrid, reduce.blockGrid);
    assert.deepEqual(exchange.blockGrid.map(cellCount), [12, 1, 2]);
  });

  for (const text of [
    'median(a, time)',
    'percentile(a, 30, time)',
    'percentile(b, 90, time, y)',
    'median(sqrt(a ^ 2 + b ^ 2), time)',
    'cumsum(a, time)',
    'cumsum(a, time) - b',
    'median(a, time) + mean(a, time)',
    'a - median(a, time)',
    'median(rolling(a, mean, time=5), time)',
    'median(coarsen(a, mean, y=2), time)',
    'transpose(cumsum(b, time), x, time, y)',
    'median(a[time=#2:#24:#2], time)',
    'max(median(a, time), y)',
  ])
    it(`change no bit: ${text}`, async () => {
      const random = randomNumbers();
      const plans = await Promise.all([small, never].map((options) => planText(text, dataset, options)));
      const kinds = plans.map(({ stages }) =>
        stages.filter(({ kind }) => kind === StageKind.STAGE_KIND_EXCHANGE),
      );
      assert.deepEqual([kinds[0].length > 0, kinds[1].length], [true, 0]);
      const [moved, plain] = await Promise.all(
        plans.map(async (plan) => assemble(plan, await runPlan(plan, variables, { random, tileBytes: 300 }))),
      );
      assert.deepEqual([...moved.mask!], [...plain.mask!]);
      assert.deepEqual([...(moved.values as Float32Array)], [...(plain.values as Float32Array)]);
    });
});

/** Numbers that look random, the same each time. */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
