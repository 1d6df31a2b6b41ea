import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { createLogger } from '@hyperslab/telemetry';
import { HeldLease } from '../src/lease/hold-lease.ts';
import type { LeaseStore } from '../src/lease/lease-store.ts';
import { SimulatedLease } from './simulated-election.ts';

const log = createLogger('test', { level: 'silent' });

/** An API server that can be taken away, or lose its answers. */
class FlakyStore implements LeaseStore {
  readonly lease = new SimulatedLease();
  mode: 'well' | 'away' | 'hangs' | 'answers are lost' = 'well';

  async read(signal: AbortSignal) {
    await this.#arrive(signal);
    return this.lease.read();
  }

  async write(step: Parameters<LeaseStore['write']>[0], signal: AbortSignal) {
    await this.#arrive(signal);
    const written = this.lease.write(step);
    if (this.mode === 'answers are lost') throw new HyperslabError('UNAVAILABLE', 'the answer was lost');
    return written;
  }

  async #arrive(signal: AbortSignal): Promise<void> {
    if (this.mode === 'away') throw new HyperslabError('UNAVAILABLE', 'away');
    if (this.mode !== 'hangs') return;
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
}

describe('a held lease', () => {
  const options = { leaseMs: 1_000, renewMs: 100, log };
  let store: FlakyStore;

  beforeEach(() => {
    store = new FlakyStore();
  });

  for (const mode of ['away', 'hangs'] as const) {
    it(`is lost when the API server ${mode === 'away' ? 'is away' : 'hangs'}, and not given back`, async () => {
      const lease = new HeldLease(store, { ...options, identity: 'a' });
      await lease.gained;
      store.mode = mode;
      assert.match((await lease.lost).message, /could not be renewed/);
      assert.equal(lease.isValid(), false);
    });
  }

  it('is kept over a time in which answers are lost', async () => {
    const lease = new HeldLease(store, { ...options, identity: 'a' });
    await lease.gained;
    store.mode = 'answers are lost';
    const before = store.lease.read()?.version;
    while (store.lease.read()?.version === before) await new Promise((resolve) => setTimeout(resolve, 10));
    store.mode = 'well';
    const passed = new Promise((resolve) => setTimeout(resolve, 1_000, 'still ours'));
    assert.equal(await Promise.race([lease.lost, passed]), 'still ours');
    assert.equal(lease.isValid(), true);
    await lease.release();
    assert.equal(store.lease.read()?.spec.holderIdentity, '');
  });

  it('passes to the other when the first says no more', async () => {
    const first = new HeldLease(store, { ...options, identity: 'a' });
    await first.gained;
    const second = new HeldLease(store, { ...options, identity: 'b' });
    store.mode = 'away';
    await first.lost;
    store.mode = 'well';
    await second.gained;
    assert.deepEqual([second.holder, second.predecessor], ['b', 'a']);
    await Promise.all([first.release(), second.release()]);
  });

  it('is waited for no longer once it is released', async () => {
    const first = new HeldLease(store, { ...options, identity: 'a' });
    await first.gained;
    const second = new HeldLease(store, { ...options, identity: 'b' });
    await second.release();
    await first.release();
    assert.equal(store.lease.read()?.spec.holderIdentity, '');
    assert.equal(second.isValid(), false);
  });
});
