import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { Backoff } from '../src/backoff.ts';

describe('waiting between tries', () => {
  const away = new HyperslabError('UNAVAILABLE', 'away');

  it('lets every address be tried, however long one took', async () => {
    const backoff = new Backoff({ patienceMs: 0, addresses: 3 });
    await backoff.failed(away);
    await backoff.failed(away);
    await assert.rejects(() => backoff.failed(away), away);
  });

  it('gives up at the end of patience, and at once what may not pass', async () => {
    await assert.rejects(() => new Backoff({ patienceMs: 0 }).failed(away), away);
    const wrong = new HyperslabError('INVALID_ARGUMENT', 'wrong');
    await assert.rejects(() => new Backoff({ patienceMs: 9e9, addresses: 3 }).failed(wrong), wrong);
  });
});
