import assert from 'node:assert/strict';
import { createMetrics, metricNames } from '../../src/index.ts';
import { bridgeMetrics } from '../../src/sdk/bridge-metrics.ts';

describe('metrics for OpenTelemetry', () => {
  /** What is sent: name, unit, points. */
  async function sent(metrics: ReturnType<typeof createMetrics>) {
    const { resourceMetrics, errors } = await bridgeMetrics(metrics).collect();
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    const shown = all.map(({ descriptor: { name, unit }, dataPoints }) => ({
      name,
      unit,
      points: dataPoints.map(({ attributes, value }) => [attributes, value]),
    }));
    return { shown, errors };
  }

  it('are those that are shown, with their units', async () => {
    const metrics = createMetrics();
    metrics.counter(...metricNames.rpcCalls).increment(3, { method: 'a', code: 'OK' });
    let bytes = 1;
    metrics.gauge(...metricNames.residentBytes).observe(() => bytes);
    bytes = 2;
    const { shown, errors } = await sent(metrics);
    assert.deepEqual(shown, [
      { name: 'hyperslab_rpc_calls_total', unit: '1', points: [[{ method: 'a', code: 'OK' }, 3]] },
      { name: 'hyperslab_resident_bytes', unit: 'By', points: [[{}, 2]] },
    ]);
    assert.deepEqual(errors, []);
  });

  it('count a histogram between its bounds', async () => {
    const metrics = createMetrics();
    const seconds = metrics.histogram('seconds', 'time', [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7, 8]) seconds.record(value);
    const { shown } = await sent(metrics);
    const [[, value]] = shown[0].points;
    assert.deepEqual(value, { buckets: { boundaries: [0.1, 1], counts: [2, 1, 2] }, count: 5, sum: 15.65 });
  });

  it('are sent although one of them can’t be asked for', async () => {
    const metrics = createMetrics();
    metrics.gauge('gone', 'what is closed').observe(() => {
      throw new Error('closed');
    });
    metrics.gauge('there', 'what is not').set(1);
    const { shown, errors } = await sent(metrics);
    assert.deepEqual(
      shown.map(({ name }) => name),
      ['there'],
    );
    assert.equal((errors[0] as Error).message, 'closed');
  });
});
