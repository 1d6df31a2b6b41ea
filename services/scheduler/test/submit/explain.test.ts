import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { planComputation } from '@hyperslab/expression';
import { Dataset, type Variable } from '@hyperslab/proto/cube';
import type { Expression } from '@hyperslab/proto/expression';
import { createExplain } from '../../src/submit/explain.ts';
import { type Named, resolveExpression } from '../../src/submit/resolve-expression.ts';
import { definition } from '../state/example-plans.ts';
import { SimulatedMesh } from '../state/simulated-mesh.ts';

const shape = [2, 4, 8];
const t: Partial<Variable> = {
  name: 't',
  dtype: 'float32',
  dimensions: ['time', 'latitude', 'longitude'],
  shape,
  chunkGrid: shape.map((extent) => regularRuns(extent, extent / 2)),
};
const dataset = Dataset.fromPartial({
  name: 'run',
  version: 1,
  variables: [t],
  manifest: { sha256: 'ab', size: 1 },
});
const datasets = { get: async () => dataset, readCoordinate: async () => assert.fail('it has none') };
const kept = '0a1b2c3d4e5f60718293';
const never = new AbortController().signal;

function expression(value: string): Expression {
  return { dataset: 'run', form: { $case: 'text', value } };
}

describe('the explanation of an expression', () => {
  it('tells what moves of persisted arrays, by where their blocks are', async () => {
    const none: Named = { datasets, results: { get: async () => assert.fail('none is persisted') } };
    const { resolved } = await resolveExpression(none, expression('t'), {}, never);
    const plan = planComputation(resolved, { targetBlockBytes: 32 });
    const mesh = new SimulatedMesh();
    mesh.join('w1', 8);
    mesh.join('w2', 8);
    mesh.send({ type: 'JobAccepted', job: definition(kept, 'persist', plan) });
    mesh.drain();
    const result = { jobId: kept, stage: 0, result: plan.result!, madeOf: [] };
    const explain = createExplain({ datasets, results: { get: async () => result } }, mesh.state);
    const movedBytes = async (text: string) => (await explain(expression(text), never)).movedBytes;
    // Each worker has half of the maps, in as many blocks of 8 bytes: one task reads them all.
    const half = (plan.stages[0].tasks / 2) * 8;
    assert.ok(half > 8);
    assert.equal(await movedBytes(`max("job:${kept}")`), half);
    assert.equal(await movedBytes('max(t)'), 0);
    mesh.leave('w2');
    mesh.drain();
    assert.equal(await movedBytes(`max("job:${kept}")`), 0);
  });
});
