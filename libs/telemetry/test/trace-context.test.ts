import assert from 'node:assert/strict';
import { childTrace, formatTraceparent, newTrace, parseTraceparent } from '../src/index.ts';

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

  it('goes on in its steps', () => {
    const parent = parseTraceparent(example.replace(/01$/, '00'));
    const child = childTrace(parent);
    assert.equal(child.traceId, parent?.traceId);
    assert.equal(child.traceFlags, 0);
    assert.notEqual(child.spanId, parent?.spanId);
    assert.notEqual(childTrace(undefined).traceId, newTrace().traceId);
  });
});
