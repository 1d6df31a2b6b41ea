import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import type { WorkerLinkServiceClient } from '@hyperslab/proto/scheduler';
import { backoffMs, call } from '@hyperslab/rpc';
import { type BlockKey, blockName } from './block-key.ts';
import type { BlockStore } from './block-store.ts';
import { fetchFromPeer } from './fetch-from-peer.ts';
import type { Peers } from './peers.ts';

/** A task tries so often for an input that its holder does not have; a reader of a result as long as it waits. */
const triesForTask = 4;
/** And so long for one whose holder does not answer: the scheduler finds out within this time whether it is gone. */
const patienceMs = 30_000;
const retry = { firstMs: 50, longestMs: 2_000 };
/** Fetched blocks that are kept for the tasks that read the same one, bytes. */
const keptBytes = 64 * 2 ** 20;

export interface BlockFinderOptions {
  store: BlockStore;
  peers: Peers;
  scheduler: WorkerLinkServiceClient;
  /** What the scheduler places at our own address is here, or lost. */
  own: { readonly address: string };
}

/** Finds blocks: here, or wherever the scheduler says they are. */
export class BlockFinder {
  readonly #options: BlockFinderOptions;
  readonly #fetching = new Map<string, Promise<Uint8Array>>();
  /** Blocks of peers, coldest first. */
  readonly #kept = new Map<string, Uint8Array>();
  #keptBytes = 0;

  constructor(options: BlockFinderOptions) {
    this.#options = options;
  }

  /** Bytes of peers' blocks that are kept here. */
  get cachedBytes(): number {
    return this.#keptBytes;
  }

  /**
   * The input of a task. Tasks that ask for the same block at once share one fetch.
   * @throws HyperslabError BLOCK_NOT_FOUND when it is not made, or lost
   */
  async forTask(key: BlockKey, signal: AbortSignal): Promise<Uint8Array> {
    const held = await this.#options.store.get(key);
    if (held !== undefined) return held.bytes;
    const name = `${key.jobId}/${key.stage}/${key.task}`;
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    let fetching = this.#fetching.get(name);
    if (fetching === undefined) {
      fetching = this.#find(key, true, AbortSignal.timeout(300_000)).finally(() =>
        this.#fetching.delete(name),
      );
      fetching.then(
        (bytes) => this.#keep(name, bytes),
        () => undefined,
      );
      this.#fetching.set(name, fetching);
    }
    return abortable(fetching, signal);
  }

  /** A block of a result, as soon as it is made; waits and tries again until `signal` aborts. */
  async forReader(key: BlockKey, signal: AbortSignal): Promise<Uint8Array> {
    const held = await this.#options.store.get(key);
    return held?.bytes ?? this.#find(key, false, signal);
  }

  /** Drops what is kept of a job. */
  forget(jobId: string): void {
    for (const name of this.#kept.keys()) if (name.startsWith(`${jobId}/`)) this.#drop(name);
  }

  async #find(key: BlockKey, mustExist: boolean, signal: AbortSignal): Promise<Uint8Array> {
    const { store, peers, scheduler, own } = this.#options;
    const unreachable = new Set<string>();
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      const { jobId, stage, task } = key;
      const request = { jobId, stage, first: task, count: 1, unreachable: [...unreachable], mustExist };
      const deadlineMs = mustExist ? 30_000 : 86_400_000;
      const { addresses } = await call(scheduler, 'locateBlocks', request, {
        signal,
        deadlineMs,
        retry: true,
      });
      const [address] = addresses;
      try {
        if (address !== own.address) return await fetchFromPeer(peers.at(address), key, signal);
        const held = await store.get(key);
        if (held !== undefined) return held.bytes;
        throw new HyperslabError('BLOCK_NOT_FOUND', `${blockName(key)}: it is not here any more`);
      } catch (error) {
        signal.throwIfAborted();
        unreachable.add(address);
        const failure = asHyperslabError(error);
        const patient = failure.retryable && performance.now() - started < patienceMs;
        if (mustExist && attempt >= triesForTask && !patient) throw failure;
        await sleep(backoffMs(attempt, retry), undefined, { signal });
      }
    }
  }

  #keep(name: string, bytes: Uint8Array): void {
    if (bytes.length > keptBytes / 4) return;
    this.#drop(name);
    this.#kept.set(name, bytes);
    this.#keptBytes += bytes.length;
    for (const coldest of this.#kept.keys()) {
      if (this.#keptBytes <= keptBytes) break;
      this.#drop(coldest);
    }
  }

  #drop(name: string): void {
    this.#keptBytes -= this.#kept.get(name)?.length ?? 0;
    this.#kept.delete(name);
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
