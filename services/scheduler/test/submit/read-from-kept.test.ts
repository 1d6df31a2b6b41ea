import assert from 'node:assert/strict';
import { regularRuns } from '@hyperslab/array';
import { planComputation, taskInputs } from '@hyperslab/expression';
import { Dataset, type Variable } from '@hyperslab/proto/cube';
import type { Plan } from '@hyperslab/proto/expression';
import { encodePlan } from '../../src/submit/encode-plan.ts';
import { planFromKept } from '../../src/submit/read-from-kept.ts';
import { type Named, resolveExpression } from '../../src/submit/resolve-expression.ts';
import { definition } from '../state/example-plans.ts';
import { SimulatedMesh } from '../state/simulated-mesh.ts';

const dimensions = ['time', 'pressure', 'latitude', 'longitude'];
const shape = [40, 8, 721, 1440];
const chunkGrid = [1, 1, 721, 1440].map((chunk, axis) => regularRuns(shape[axis], chunk));
const t: Partial<Variable> = { name: 't', dtype: 'float32', dimensions, shape, chunkGrid };
const dataset = Dataset.fromPartial({
  name: 'run',
  version: 3,
  variables: [t],
  manifest: { sha256: 'ab', size: 1 },
});
const named: Named = {
  datasets: { get: async () => dataset, readCoordinate: async () => assert.fail('it has none') },
  results: { get: async () => assert.fail('none is persisted') },
};

async function meant(text: string) {
  const expression = { dataset: 'run', form: { $case: 'text' as const, value: text } };
  const { resolved } = await resolveExpression(named, expression, {}, new AbortController().signal);
  return { resolved, plan: planComputation(resolved) };
}

/** The plan of a part of an expression whose values a job has, and the plan that the part would have else. */
async function planPart(whole: string, selection: string): Promise<{ own: Plan; kept: Plan }> {
  const mesh = new SimulatedMesh();
  mesh.join('w1', 4);
  const { plan } = await meant(whole);
  mesh.send({
    type: 'JobAccepted',
    job: definition('whole', 'compute', plan, 'someone', encodePlan(plan).fingerprint),
  });
  mesh.drain();
  const { resolved, plan: own } = await meant(`(${whole})${selection}`);
  const kept = await planFromKept(mesh.state, resolved, own);
  assert.equal(kept?.jobId, 'whole');
  return { own, kept: kept.plan };
}

/** Runs of indices enough that they are taken by one operation. */
const scattered = Array.from({ length: 40 }, (_, i) => (i * i * 7) % 721);

describe('a plan that reads a part of what is kept', () => {
  const selections = {
    'a range': 'latitude=#100:#300',
    'some with a step': 'pressure=#::#3',
    one: 'pressure=#1',
    scattered: `latitude=#[${scattered}]`,
  };
  for (const [name, selection] of Object.entries(selections)) {
    it(`makes the blocks that computing makes, for a restart goes back to that: ${name}`, async () => {
      const { own, kept } = await planPart('max(t, time)', `[${selection}]`);
      assert.deepEqual(kept.result, own.result);
      assert.deepEqual(kept.stages.at(-1)?.blockGrid, own.result!.blockGrid);
    });
  }

  it('reads scattered indices that are in one block at once', async () => {
    const { kept } = await planPart('max(t, time)', `[latitude=#[${scattered}]]`);
    const last = kept.stages.length - 1;
    const { persisted } = taskInputs(kept, last, 0);
    assert.equal(persisted.length, kept.stages[last].blockGrid[0].sizes[0], 'one for each pressure');
  });
});
