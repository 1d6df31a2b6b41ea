import assert from 'node:assert/strict';
import { HyperslabError, type Reason } from '@hyperslab/errors';
import { exitStatusOf } from '../src/exit-status.ts';
import { errorLine } from '../src/print-error.ts';

const status = (reason: Reason, interrupted = false) =>
  exitStatusOf(new HyperslabError(reason, 'x'), interrupted);

describe('failures of the command', () => {
  it('have the exit status of their kind', () => {
    assert.equal(status('EXPRESSION_INVALID'), 2);
    assert.equal(status('DATASET_NOT_FOUND'), 3);
    assert.equal(status('OUTSIDE_ROOTS'), 4);
    assert.equal(status('UNAVAILABLE'), 5);
    assert.equal(status('CANCELLED', true), 130);
    for (const reason of [
      'STORAGE_UNAVAILABLE',
      'CANCELLED',
      'INTERNAL',
      'FORMAT_CORRUPT',
      'STATE_IN_USE',
    ] as const) {
      assert.equal(status(reason), 1, reason);
    }
    assert.equal(
      status('FORMAT_CORRUPT', true),
      1,
      'what fails on its own while being interrupted has failed',
    );
  });

  it('are one line, whatever the message', () => {
    const error = new HyperslabError('FORMAT_CORRUPT', 'a.nc: bad\n  offset 4', { url: 'a.nc' });
    assert.equal(errorLine(error, false), 'hyperslab: a.nc: bad offset 4\n');
    const printed = errorLine(error, true);
    assert.equal(printed.indexOf('\n'), printed.length - 1);
    assert.deepEqual(JSON.parse(printed), {
      error: { code: 'FORMAT_CORRUPT', message: 'a.nc: bad\n  offset 4', details: { url: 'a.nc' } },
    });
  });
});
