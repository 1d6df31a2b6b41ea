import assert from 'node:assert/strict';
import { SharedCache } from '../src/shared-cache.ts';
import { SharedWork } from '../src/shared-work.ts';

/** Work that the test ends, and the signal that it got. */
function pending<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const begun: AbortSignal[] = [];
  const work = (signal: AbortSignal) => {
    begun.push(signal);
    signal.addEventListener('abort', () => reject(signal.reason));
    return promise;
  };
  return { work, begun, resolve, reject };
}

describe('shared work', () => {
  it('goes on for the others when one who began it goes', async () => {
    const { work, begun, resolve } = pending<number>();
    const cache = new SharedCache<number>({ most: 4 });
    const first = new AbortController();
    const one = cache.get('a', work, first.signal);
    const two = cache.get('a', work, new AbortController().signal);
    first.abort(new Error('gone'));
    await assert.rejects(one, /gone/);
    assert.equal(begun.length, 1);
    assert.equal(begun[0].aborted, false);
    resolve(7);
    assert.equal(await two, 7);
    assert.equal(await cache.get('a', work), 7);
  });

  it('is aborted when the last has gone, and begun anew for who comes then', async () => {
    const { work, begun } = pending<number>();
    const cache = new SharedCache<number>({ most: 4 });
    const [first, second] = [new AbortController(), new AbortController()];
    const both = [cache.get('a', work, first.signal), cache.get('a', work, second.signal)];
    first.abort();
    assert.equal(begun[0].aborted, false);
    second.abort();
    assert.equal(begun[0].aborted, true);
    const third = cache.get('a', async () => 3);
    await Promise.allSettled(both);
    assert.equal(await third, 3);
  });

  it('is not remembered when it fails', async () => {
    const cache = new SharedCache<number>({ most: 4 });
    await assert.rejects(
      cache.get('a', async () => {
        throw new Error('no');
      }),
      /no/,
    );
    assert.equal(await cache.get('a', async () => 5), 5);
  });

  it('is given up by a single waiter that had gone before', async () => {
    const { work, begun } = pending<number>();
    const shared = new SharedWork(work);
    await assert.rejects(shared.join(AbortSignal.abort(new Error('gone'))), /gone/);
    assert.equal(begun[0].aborted, true);
    assert.equal(shared.abandoned, true);
  });
});

describe('shared cache', () => {
  it('keeps within its size, what was used last longest', async () => {
    let asked = 0;
    const cache = new SharedCache<string>({ most: 10, sizeOf: (text) => text.length });
    const get = (text: string) =>
      cache.get(text, async () => {
        asked++;
        return text;
      });
    for (const text of ['aaaa', 'bbbb', 'aaaa', 'cccc', 'aaaa', 'x'.repeat(11)]) await get(text);
    assert.equal(asked, 4);
    assert.equal(cache.size, 8);
    await get('bbbb');
    assert.equal(asked, 5);
  });
});
