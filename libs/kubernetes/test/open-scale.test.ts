import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import type { KubernetesApi } from '../src/api/kubernetes-api.ts';
import type { ResourcePath } from '../src/api/resource-path.ts';
import { openScale } from '../src/scale/open-scale.ts';

/** The scale of a StatefulSet of which the API server answers what is said, in turn. */
function scaleThatAnswers(...answers: unknown[]) {
  const calls: string[] = [];
  const api = {
    async request(verb: string, { resource, name, subresource }: ResourcePath, body?: unknown) {
      calls.push([verb, `${resource}/${name}/${subresource}`, JSON.stringify(body)].join(' ').trim());
      const answer = answers.shift();
      if (answer instanceof HyperslabError) throw answer;
      return answer;
    },
  } as unknown as KubernetesApi;
  return { calls, scale: openScale(api, { namespace: 'n', kind: 'StatefulSet', name: 'w' }) };
}

describe('the scale of a StatefulSet', () => {
  it('is read with one request, and written with another', async () => {
    const { calls, scale } = scaleThatAnswers({ spec: { replicas: 3 }, status: { replicas: 2 } }, {});
    assert.deepEqual(await scale.get(), { wanted: 3, present: 2 });
    await scale.set(4);
    assert.deepEqual(calls, [
      'get statefulsets/w/scale',
      'patch statefulsets/w/scale {"spec":{"replicas":4}}',
    ]);
  });

  it('is zero where the server leaves zeros out', async () => {
    const { scale } = scaleThatAnswers({});
    assert.deepEqual(await scale.get(), { wanted: 0, present: 0 });
  });

  it('is written again when another was faster, but not for ever', async () => {
    const conflict = new HyperslabError('KUBERNETES_CONFLICT', 'changed meanwhile');
    const { calls, scale } = scaleThatAnswers(conflict, conflict, {});
    await scale.set(1);
    assert.equal(calls.length, 3);
    const hopeless = scaleThatAnswers(...Array(20).fill(conflict));
    await assert.rejects(hopeless.scale.set(1), { reason: 'KUBERNETES_CONFLICT' });
    assert.equal(hopeless.calls.length, 6);
  });
});
