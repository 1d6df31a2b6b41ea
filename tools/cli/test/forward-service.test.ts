import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { KubernetesApi } from '@hyperslab/kubernetes';
import { forwardService } from '../src/port-forward/forward-service.ts';

/** An API server that answers at once, before any port can be open; a watch of it hears of nothing. */
function quickApi() {
  const calls: string[] = [];
  const slice = {
    metadata: { name: 's' },
    endpoints: [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'pod-1' } }],
    ports: [{ name: 'grpc', port: 1 }],
  };
  const api = {
    async request() {
      calls.push('list');
      return { metadata: { resourceVersion: '10' }, items: [slice] };
    },
    async *watch(_path: unknown, version: string, _forMs: number, signal: AbortSignal) {
      calls.push(`watch ${version}`);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  } as unknown as KubernetesApi;
  return { api, calls };
}

describe('a forwarded Service', () => {
  it('goes on to watch its pods when they are known before its port is open', async () => {
    const { api, calls } = quickApi();
    const plan = { component: 'catalog', service: 'catalog', remote: 'grpc', localPort: 0 };
    const forwarded = await forwardService(api, 'n', plan, (error) => assert.fail(error));
    try {
      await forwarded.known(AbortSignal.timeout(5_000));
      await setImmediate();
      assert.deepEqual(calls, ['list', 'watch 10']);
    } finally {
      forwarded.close();
    }
  });
});
