import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { whileAway } from '../../src/lead/while-away.ts';

const away = new HyperslabError('UNAVAILABLE', 'away');
const denied = new HyperslabError('KUBERNETES_DENIED', 'denied');
const stopping = new HyperslabError('UNAVAILABLE', 'standby');

/** Fails with each error in turn, then goes well; counts how often it was tried. */
function failing(...errors: HyperslabError[]) {
  const tried = { times: 0 };
  const act = async () => {
    const error = errors[tried.times++];
    if (error !== undefined) throw error;
  };
  return { tried, act };
}

describe('what is tried while the API server is away', () => {
  const soon = { retryMs: 1 };

  it('is tried until it goes well', async () => {
    const { tried, act } = failing(away, away);
    await whileAway(act, new AbortController().signal, soon);
    assert.equal(tried.times, 3);
  });

  it('is tried once when it is refused', async () => {
    const { tried, act } = failing(denied);
    await assert.rejects(whileAway(act, new AbortController().signal, soon), denied);
    assert.equal(tried.times, 1);
  });

  it('is not begun by who was told to stop during what came before it', async () => {
    const stopped = new AbortController();
    const mark = failing();
    const unmarkAndMark = async () => {
      await whileAway(async () => stopped.abort(stopping), stopped.signal, soon);
      await whileAway(mark.act, stopped.signal, soon);
    };
    await assert.rejects(unmarkAndMark(), stopping);
    assert.equal(mark.tried.times, 0);
  });

  it('is not tried again by who was told to stop', async () => {
    const stopped = new AbortController();
    const { tried, act } = failing(away, away);
    const trying = whileAway(act, stopped.signal, { retryMs: 60_000 });
    stopped.abort(stopping);
    await assert.rejects(trying);
    assert.equal(tried.times, 1);
  });
});
