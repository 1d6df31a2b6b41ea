import assert from 'node:assert/strict';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { parseTraceparent } from '../../src/index.ts';
import { samplerOf } from '../../src/sdk/sampler.ts';

// Of a sampler by ratio, the trace number decides: this one is below a half.
const traceId = '0af7651916cd43dd8448eb211c80319c';
const sampled = parseTraceparent(`00-${traceId}-00f067aa0ba902b7-01`)!;
const unsampled = parseTraceparent(`00-${traceId}-00f067aa0ba902b7-00`)!;
const { RECORD_AND_SAMPLED, NOT_RECORD } = SamplingDecision;

describe('the sampler', () => {
  const warnings: string[] = [];
  beforeEach(() => {
    warnings.length = 0;
  });

  function decide(env: NodeJS.ProcessEnv, kind: SpanKind, parent?: typeof sampled): SamplingDecision {
    const within = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const sampler = samplerOf(env, (message) => warnings.push(message));
    return sampler.shouldSample(within, traceId, 'a', kind, {}, []).decision;
  }

  it('records every request unless it is told otherwise', () => {
    assert.equal(decide({}, SpanKind.SERVER), RECORD_AND_SAMPLED);
    assert.equal(decide({}, SpanKind.INTERNAL), RECORD_AND_SAMPLED);
  });

  it('does what the caller has decided', () => {
    for (const OTEL_TRACES_SAMPLER of ['parentbased_always_on', 'parentbased_always_off']) {
      assert.equal(decide({ OTEL_TRACES_SAMPLER }, SpanKind.SERVER, sampled), RECORD_AND_SAMPLED);
      assert.equal(decide({ OTEL_TRACES_SAMPLER }, SpanKind.SERVER, unsampled), NOT_RECORD);
    }
    assert.equal(
      decide({ OTEL_TRACES_SAMPLER: 'always_on' }, SpanKind.SERVER, unsampled),
      RECORD_AND_SAMPLED,
    );
    assert.equal(decide({ OTEL_TRACES_SAMPLER: 'always_off' }, SpanKind.SERVER, sampled), NOT_RECORD);
  });

  it('takes a share of the traces', () => {
    for (const OTEL_TRACES_SAMPLER of ['traceidratio', 'parentbased_traceidratio']) {
      const share = (OTEL_TRACES_SAMPLER_ARG: string) =>
        decide({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG }, SpanKind.SERVER);
      assert.deepEqual([share('0'), share('1')], [NOT_RECORD, RECORD_AND_SAMPLED]);
    }
    assert.deepEqual(warnings, []);
  });

  it('begins no trace with a call that nobody asked for', () => {
    for (const OTEL_TRACES_SAMPLER of ['parentbased_always_on', 'always_on'])
      assert.equal(decide({ OTEL_TRACES_SAMPLER }, SpanKind.CLIENT), NOT_RECORD);
    assert.equal(decide({}, SpanKind.CLIENT, sampled), RECORD_AND_SAMPLED);
  });

  it('says what it does not understand, and records all', () => {
    assert.equal(decide({ OTEL_TRACES_SAMPLER: 'some' }, SpanKind.SERVER), RECORD_AND_SAMPLED);
    const odd = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '10 %' };
    assert.equal(decide(odd, SpanKind.SERVER), RECORD_AND_SAMPLED);
    assert.deepEqual(warnings, [
      'OTEL_TRACES_SAMPLER: some is not known; every trace is recorded',
      'OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, found 10 %; every trace is recorded',
    ]);
  });
});
