import assert from 'node:assert/strict';
import {
  activeTrace,
  activeTraceparent,
  formatTraceparent,
  isSampled,
  newTrace,
  parseTraceparent,
  startSpan,
  traceOfSpan,
  withTrace,
  withTraceparent,
} from '../src/index.ts';

// The example of W3C Trace Context, section 3.2.4.
const example = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('trace context', () => {
  it('is read and written as W3C has it', () => {
    const parsed = parseTraceparent(example);
    assert.equal(parsed?.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
    assert.equal(parsed?.spanId, '00f067aa0ba902b7');
    assert.equal(formatTraceparent(parsed!), example);
    // A later version may have more fields, and flags that we do not know are dropped.
    assert.equal(formatTraceparent(parseTraceparent(`cc${example.slice(2, -2)}ff-more`)!), example);
  });

  it('is ignored where it is not valid', () => {
    const zeros = '0'.repeat(32);
    for (const text of [
      undefined,
      '',
      `ff${example.slice(2)}`,
      `${example}-more`,
      example.toUpperCase(),
      example.slice(0, -1),
      `00-${zeros}-00f067aa0ba902b7-01`,
      `00-4bf92f3577b34da6a3ce929d0e0e4736-${zeros.slice(16)}-01`,
    ])
      assert.equal(parseTraceparent(text), undefined, String(text));
  });

  it('that nobody records is not sampled, and new each time', () => {
    const made = newTrace();
    assert.ok(parseTraceparent(formatTraceparent(made)));
    assert.equal(isSampled(made), false);
    assert.notEqual(made.traceId, newTrace().traceId);
  });

  it('costs nothing to carry where no SDK is registered', () => {
    const parent = parseTraceparent(example)!;
    assert.equal(
      withTrace(parent, () => activeTrace()),
      undefined,
    );
    assert.equal(
      withTraceparent(example, () => activeTraceparent()),
      '',
    );
    // A span goes on as what it is a step of: whoever is called next sees the same parent.
    const span = startSpan('task', { parent });
    assert.equal(span.isRecording(), false);
    assert.deepEqual(traceOfSpan(span), parent);
    assert.equal(traceOfSpan(startSpan('task')), undefined);
  });
});
