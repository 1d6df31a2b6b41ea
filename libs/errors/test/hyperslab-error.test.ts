import assert from 'node:assert/strict';
import { asHyperslabError, HyperslabError, isHyperslabError, reasons } from '@hyperslab/errors';

/** Canonical status codes (google/rpc/code.proto). */
const codes = new Set([
  ...[
    'CANCELLED',
    'INVALID_ARGUMENT',
    'DEADLINE_EXCEEDED',
    'NOT_FOUND',
    'ALREADY_EXISTS',
    'PERMISSION_DENIED',
  ],
  ...['RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'UNAVAILABLE', 'DATA_LOSS', 'INTERNAL'],
]);

describe('HyperslabError', () => {
  it('has a gRPC status for every reason', () => {
    for (const [reason, status] of Object.entries(reasons))
      assert.ok(codes.has(status), `${reason}: ${status}`);
  });

  it('may be tried again only when it says UNAVAILABLE', () => {
    assert.equal(new HyperslabError('WORKER_LOST', 'gone').retryable, true);
    assert.equal(new HyperslabError('OBJECT_CHANGED', 'replaced').retryable, false);
  });

  it('keeps what was thrown as its cause', () => {
    const thrown = new TypeError('x is not a function');
    const error = asHyperslabError(thrown);
    assert.equal(error.reason, 'INTERNAL');
    assert.equal(error.cause, thrown);
    assert.equal(asHyperslabError(error), error);
    assert.equal(asHyperslabError('text').message, 'text');
  });

  it('tells an abort and a time-out from a defect', () => {
    assert.equal(asHyperslabError(AbortSignal.abort().reason).reason, 'CANCELLED');
    assert.equal(asHyperslabError(new DOMException('late', 'TimeoutError')).reason, 'DEADLINE_EXCEEDED');
    assert.ok(isHyperslabError(asHyperslabError(AbortSignal.abort().reason), 'CANCELLED'));
    assert.ok(!isHyperslabError(new Error('other')));
  });
});
