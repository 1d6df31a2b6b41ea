import assert from 'node:assert/strict';
import { createMetrics } from '../src/index.ts';

describe('metrics', () => {
  it('are told in the Prometheus text format', () => {
    const metrics = createMetrics();
    const calls = metrics.counter('calls_total', 'calls, by "method"\nand code');
    calls.increment();
    calls.increment(2, { method: 'a"b\\c\nd', code: 'OK' });
    calls.increment(1, { code: 'OK', method: 'a"b\\c\nd' });
    const gauge = metrics.gauge('level', 'a level');
    gauge.set(5);
    gauge.add(-1.5);
    gauge.observe(() => Number.POSITIVE_INFINITY, { kind: 'read' });
    const seconds = metrics.histogram('seconds', 'time', [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) seconds.record(value, { method: 'x' });
    assert.equal(
      metrics.text(),
      `# HELP calls_total calls, by "method"\\nand code
# TYPE calls_total counter
calls_total 1
calls_total{method="a\\"b\\\\c\\nd",code="OK"} 3
# HELP level a level
# TYPE level gauge
level 3.5
level{kind="read"} +Inf
# HELP seconds time
# TYPE seconds histogram
seconds_bucket{method="x",le="0.1"} 2
seconds_bucket{method="x",le="1"} 3
seconds_bucket{method="x",le="+Inf"} 4
seconds_sum{method="x"} 7.65
seconds_count{method="x"} 4
`,
    );
  });

  it('are one for each name', () => {
    const metrics = createMetrics();
    metrics.counter('a_total', 'a').increment();
    metrics.counter('a_total', 'a').increment();
    assert.match(metrics.text(), /^a_total 2$/m);
    assert.throws(() => metrics.gauge('a_total', 'a'), /is a counter/);
  });
});
