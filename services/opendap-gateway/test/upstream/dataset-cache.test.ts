import assert from 'node:assert/strict';
import { Dataset } from '@hyperslab/proto/cube';
import { createDatasetCache } from '../../src/upstream/dataset-cache.ts';

describe('the dataset cache', () => {
  function counting() {
    const state = { now: 0, fetched: [] as string[], fail: false };
    const cached = createDatasetCache(
      async (reference) => {
        state.fetched.push(reference);
        if (state.fail) throw new Error('gone');
        return Dataset.fromPartial({ name: reference });
      },
      () => state.now,
    );
    return { state, cached };
  }

  it('asks once for requests at the same time, again when "latest" may have moved', async () => {
    const { state, cached } = counting();
    await Promise.all([cached('a'), cached('a'), cached('a@3')]);
    assert.deepEqual(state.fetched, ['a', 'a@3']);
    state.now = 60_000;
    await Promise.all([cached('a'), cached('a@3')]);
    assert.deepEqual(state.fetched, ['a', 'a@3', 'a']);
  });

  it('does not keep failures', async () => {
    const { state, cached } = counting();
    state.fail = true;
    await assert.rejects(cached('a'), /gone/);
    state.fail = false;
    assert.equal((await cached('a')).name, 'a');
  });

  it('keeps so many', async () => {
    const { state, cached } = counting();
    for (let i = 0; i < 200; i++) await cached(`a@${i}`);
    await cached('a@199');
    await cached('a@0');
    assert.equal(state.fetched.length, 201);
  });
});
