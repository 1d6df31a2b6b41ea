import assert from 'node:assert/strict';
import { readConfig } from '@hyperslab/config';
import type { Service } from '@hyperslab/kubernetes';
import { chooseRelease } from '../src/port-forward/choose-release.ts';
import { endpointsOf, planForwards } from '../src/port-forward/forward-plan.ts';

function service(release: string, component: string, ...ports: string[]): Service {
  const labels = { 'app.kubernetes.io/instance': release, 'app.kubernetes.io/component': component };
  return {
    metadata: { name: `${release}-hyperslab-${component}`, labels },
    spec: { ports: ports.map((name) => ({ name, port: 1 })) },
  };
}

describe('port-forward', () => {
  const one = [service('a', 'catalog', 'grpc', 'metrics'), service('a', 'dashboard', 'http')];

  it('takes the only release, or the one that is named', () => {
    const names = (found: Map<string, Service>) =>
      [...found].map(([key, { metadata }]) => [key, metadata.name]);
    const ofA = [
      ['catalog', 'a-hyperslab-catalog'],
      ['dashboard', 'a-hyperslab-dashboard'],
    ];
    assert.deepEqual(names(chooseRelease(one, 'n', undefined)), ofA);
    assert.deepEqual(names(chooseRelease([...one, service('b', 'catalog')], 'n', 'a')), ofA);
  });

  it('says which releases there are when it can’t tell', () => {
    assert.throws(() => chooseRelease([...one, service('b', 'catalog')], 'n', undefined), {
      reason: 'INVALID_ARGUMENT',
      message: /releases a, b; name one with --release/,
    });
    assert.throws(() => chooseRelease(one, 'n', 'c'), {
      reason: 'KUBERNETES_NOT_FOUND',
      message: /there are a/,
    });
    assert.throws(() => chooseRelease([], 'n', undefined), {
      reason: 'KUBERNETES_NOT_FOUND',
      message: /--namespace/,
    });
  });

  it('has the ports of `up`, with health where the Service has it', () => {
    const plans = planForwards(chooseRelease(one, 'n', undefined), readConfig({}), 100);
    assert.deepEqual(
      plans.map(({ service: name, remote, localPort }) => [name, remote, localPort]),
      [
        ['a-hyperslab-catalog', 'grpc', 7501],
        ['a-hyperslab-catalog', 'metrics', 8501],
        ['a-hyperslab-dashboard', 'http', 8887],
      ],
    );
    assert.deepEqual(endpointsOf(plans), { catalog: '127.0.0.1:7501', dashboard: 'http://127.0.0.1:8887' });
  });
});
