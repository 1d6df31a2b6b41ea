import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { Plan, ResultDescription, StageKind } from '@hyperslab/proto/expression';
import { OutputRequest } from '@hyperslab/proto/scheduler';
import { protocolOfPlan } from '../../src/state/protocol-of-plan.ts';
import { planOutput } from '../../src/submit/plan-output.ts';

const result = ResultDescription.fromPartial({
  name: 't',
  dtype: 'float32',
  dimensions: ['time', 'x'],
  shape: [10, 12],
  blockGrid: [
    { sizes: [4, 2], counts: [2, 1] },
    { sizes: [12], counts: [1] },
  ],
});
const evaluate = { kind: StageKind.STAGE_KIND_EVALUATE, node: 3, tasks: 3, blockGrid: result.blockGrid };
const combine = { kind: StageKind.STAGE_KIND_REDUCE_COMBINE, node: 3, tasks: 3, inputs: [0], finishes: true };

function output(more: Partial<OutputRequest> = {}): OutputRequest {
  const encoding = { format: 3, compression: 'zstd', level: 3, shuffle: false };
  return OutputRequest.fromPartial({ url: '/out/a.zarr', encoding, ...more });
}

describe('a plan whose result workers write', () => {
  it('writes blocks as they are evaluated', () => {
    const before = Plan.fromPartial({ result, stages: [{ ...evaluate, inputs: [] }] });
    const { stages, output: planned, result: told } = planOutput(before, output(), []);
    assert.deepEqual(
      stages.map(({ kind, tasks, inputs }) => ({ kind, tasks, inputs })),
      [
        { kind: StageKind.STAGE_KIND_BEGIN_OUTPUT, tasks: 1, inputs: [] },
        { kind: StageKind.STAGE_KIND_WRITE_CHUNKS, tasks: 3, inputs: [0] },
        { kind: StageKind.STAGE_KIND_FINISH_OUTPUT, tasks: 1, inputs: [1] },
      ],
    );
    assert.equal(stages[1].node, 3);
    assert.deepEqual(stages[1].blockGrid, before.stages[0].blockGrid);
    assert.deepEqual(planned?.chunkShape, [4, 12]);
    assert.deepEqual(planned?.result, result);
    assert.deepEqual(told?.shape, [2]);
  });

  it('writes what a reduction has finished, behind it', () => {
    const before = Plan.fromPartial({ result, stages: [{ tasks: 6 }, combine] });
    const { stages } = planOutput(before, output(), []);
    assert.deepEqual(stages.map(({ kind, inputs, fanIn }) => ({ kind, inputs, fanIn })).slice(1), [
      { kind: combine.kind, inputs: [0], fanIn: 0 },
      { kind: StageKind.STAGE_KIND_BEGIN_OUTPUT, inputs: [], fanIn: 0 },
      { kind: StageKind.STAGE_KIND_WRITE_CHUNKS, inputs: [1, 2], fanIn: 1 },
      { kind: StageKind.STAGE_KIND_FINISH_OUTPUT, inputs: [3], fanIn: 0 },
    ]);
  });

  it('goes to workers that know it', () => {
    const before = Plan.fromPartial({ result, stages: [evaluate] });
    assert.equal(protocolOfPlan(before), 1);
    assert.equal(protocolOfPlan(planOutput(before, output(), [])), 5);
  });

  it('is refused for chunks across blocks, for texts, and without a place', () => {
    const plan = Plan.fromPartial({ result, stages: [evaluate] });
    assert.deepEqual(planOutput(plan, output({ chunks: { time: 2, x: 5 } }), []).output?.chunkShape, [2, 5]);
    assert.throws(
      () => planOutput(plan, output({ chunks: { time: 3 } }), []),
      (error) => isHyperslabError(error, 'INVALID_ARGUMENT') && /of \[4 and 2, 12\]/.test(error.message),
    );
    assert.throws(
      () => planOutput(plan, output({ chunks: { tiem: 1 } }), []),
      /no result has this dimension; expected time, x/,
    );
    const texts = Plan.fromPartial({ result: { ...result, dtype: 'string' }, stages: [evaluate] });
    assert.throws(
      () => planOutput(texts, output(), []),
      (error) => isHyperslabError(error, 'NOT_COMPUTABLE'),
    );
    assert.throws(
      () => planOutput(plan, output({ url: '' }), []),
      (error) => isHyperslabError(error, 'INVALID_ARGUMENT'),
    );
  });
});
