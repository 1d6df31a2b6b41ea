import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { assemble, planText, runPlan } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const shape = [12, 8, 10];
const values = Array.from({ length: 960 }, (_, i) => ((i * 37) % 101) / 7 - 5);
const variables: SampleVariable[] = [
  {
    name: 'a',
    dimensions: ['time', 'y', 'x'],
    array: numbers('float32', shape, values),
    chunks: [regularRuns(12, 1), regularRuns(8, 4), regularRuns(10, 10)],
  },
  {
    name: 'b',
    dimensions: ['time', 'y'],
    array: numbers('float32', [12, 8], values.slice(0, 96)),
    chunks: [regularRuns(12, 12), regularRuns(8, 8)],
  },
];
const dataset = sampleDataset(variables, { a: [], b: [] });

describe('reductions that are computed where they are taken in', () => {
  const stages = async (text: string, targetBlockBytes?: number) =>
    (await planText(text, dataset, { targetBlockBytes })).stages.length;

  it('have no stage of their own when blocks may have all that they reduce', async () => {
    assert.equal(await stages('std(a - mean(a, time), time)'), 1);
    assert.equal(await stages('a - mean(a, time)'), 1);
    assert.equal(await stages('max((a - mean(a, time)) / std(a, time), y)'), 1);
  });

  it('have one when such blocks take too much', async () => {
    assert.ok((await stages('std(a - mean(a, time), time)', 1_000)) > 1);
  });

  it('have one when blocks would have too much for several of them together', async () => {
    const text = 'max((a - mean(a, time)) / mean(a, y), x)';
    // All times of a chunk are 1920 bytes, all of y 320; both are 3840.
    assert.equal(await stages(text, 4_000), 1);
    assert.ok((await stages(text, 3_000)) > 1);
    assert.equal(await stages('max(a - mean(a, time), x)', 3_000), 1);
  });

  it('have one when others need them, too, or what takes them in has other dimensions', async () => {
    assert.equal(await stages('mean(a, time)'), 1);
    assert.equal(await stages('a - mean(b, time)'), 2);
    assert.equal(await stages('max(a - mean(a, time), x) + min(a - mean(a, time), x)'), 4);
  });

  for (const text of [
    'a - mean(a, time)',
    'std(a - mean(a, time), time)',
    'sum((a > mean(a, y)) * a, x, y)',
    'mean(a, x) - mean(mean(a, x), y)',
    'coarsen(a, mean, y=2) - mean(coarsen(a, mean, y=2), time)',
    // Of what they add only some is taken in.
    'a - percentile(a, [10, 60], time)[percentile=60]',
    'a * histogram(a, [-5, 0, 2, 9], y)[a_bin=#1]',
  ])
    it(`come to the same either way: ${text}`, async () => {
      const [here, apart] = await Promise.all(
        [undefined, 1_000].map(async (targetBlockBytes) => {
          const plan = await planText(text, dataset, { targetBlockBytes });
          return assemble(plan, await runPlan(plan, variables));
        }),
      );
      const [found, expected] = [here.values, apart.values].map((each) => [...(each as Float32Array)]);
      assert.equal(found.length, expected.length);
      found.forEach((value, i) => {
        assert.ok(Math.abs(value - expected[i]) <= 1e-5 * Math.max(1, Math.abs(value)), `${value} at ${i}`);
      });
    });
});
