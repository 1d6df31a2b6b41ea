import assert from 'node:assert/strict';
import { cellCount, regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { PlanNode, StageKind } from '@hyperslab/proto/expression';
import { gridOfChunks } from '../../src/plan/grid-of-chunks.ts';
import { assemble, planText, runPlan } from '../run-plan.ts';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const shape = [12, 8, 10];
const values = Array.from({ length: 960 }, (_, i) => ((i * 37) % 101) / 7 - 5);
const variables: SampleVariable[] = [
  {
    name: 'a',
    dimensions: ['time', 'y', 'x'],
    array: numbers('float32', shape, values),
    chunks: [regularRuns(12, 1), regularRuns(8, 8), regularRuns(10, 10)],
  },
];
const dataset = sampleDataset(variables, { a: [] });

describe('blocks of whole chunks', () => {
  const node = PlanNode.fromPartial({ dtype: 'float32', shape: [100, 40] });

  it('are of several small ones, and of one large one', () => {
    const grid = gridOfChunks(node, [30, 7], 4 * 30 * 14);
    assert.deepEqual(grid, [
      { sizes: [30, 10], counts: [3, 1] },
      { sizes: [14, 12], counts: [2, 1] },
    ]);
    assert.deepEqual(gridOfChunks(node, [100, 40], 16).map(cellCount), [1, 1]);
    assert.deepEqual(gridOfChunks(node, [1000, 1000], 16).map(cellCount), [1, 1]);
  });

  it('are refused when a task can not hold one', () => {
    const large = PlanNode.fromPartial({ dtype: 'float32', shape: [2 ** 20, 2 ** 10] });
    assert.throws(
      () => gridOfChunks(large, [2 ** 20, 64], 2 ** 23),
      (error) =>
        isHyperslabError(error, 'TOO_LARGE') &&
        /take 268435456 bytes, .* at most 134217728/.test(error.message),
    );
  });

  for (const text of ['a', 'a - mean(a, time)', 'mean(a, y)', 'cumsum(a, time)'])
    it(`have the same values as others: ${text}`, async () => {
      const plain = await planText(text, dataset);
      const chunkShape = plain.result!.shape.map((extent, axis) => (axis === 0 ? extent : 3));
      const options = { chunkShape, targetBlockBytes: 1_000, exchangeBytes: 1 };
      const plan = await planText(text, dataset, options);
      plan.result!.blockGrid.forEach(({ sizes, counts }, axis) => {
        const whole = sizes.slice(0, counts.at(-1) === 1 ? -1 : undefined);
        assert.ok(
          whole.every((size) => size % chunkShape[axis] === 0),
          `${sizes} along ${axis}`,
        );
      });
      const last = plan.stages.at(-1)!;
      assert.equal(last.kind, StageKind.STAGE_KIND_EVALUATE);
      const [expected, found] = await Promise.all(
        [plain, plan].map(async (each) => assemble(each, await runPlan(each, variables))),
      );
      assert.deepEqual([...(found.values as Float32Array)], [...(expected.values as Float32Array)]);
    });
});
