import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import { type EncodedPart, joinParts, partOf } from '@hyperslab/expression';
import type { WorkerLinkServiceClient } from '@hyperslab/proto/scheduler';
import type { BlockParts } from '@hyperslab/proto/worker';
import { backoffMs, call } from '@hyperslab/rpc';
import { SharedCache } from '@hyperslab/storage';
import { sharedMemory } from '../threads/shared-bytes.ts';
import { type BlockKey, blockId, blockName } from './block-key.ts';
import type { BlockPlaces } from './block-places.ts';
import type { BlockStore, LentBlock } from './block-store.ts';
import type { FetchOptions, MadeBlock } from './fetch-from-peer.ts';
import { InputPlaces } from './input-places.ts';
import type { Peers } from './peers.ts';

/** How often a block is tried for that its holder does not have: by a task, and by a reader of a result. */
const triesForTask = 4;
const triesForReader = 20;
/** A task tries so long where the holder does not answer: the scheduler finds out within this time whether it is gone. */
const patienceMs = 30_000;
const silentTries = 3;
const defaultTimes: FinderTimes = { firstMs: 50, longestMs: 2_000, silentMs: 3_000 };
/** Fetched blocks that are kept for the tasks that read the same one, bytes in all and of one. */
const keptBytes = 64 * 2 ** 20;
const largestKept = keptBytes / 4;

/** Times, milliseconds. */
interface FinderTimes {
  /** Before the first new try, and at most. */
  firstMs: number;
  longestMs: number;
  /** A holder that did not answer three times and for so long can't be reached: the block is made again. */
  silentMs: number;
  /** A peer that sends nothing for so long is asked whether it is there. */
  peerSilenceMs?: number;
}

export interface BlockFinderOptions {
  store: BlockStore;
  peers: Peers;
  scheduler: WorkerLinkServiceClient;
  /** What the scheduler places at our own address is here, or lost. What is here was made by our kernels. */
  own: { readonly address: string; readonly kernelVersion: string };
  /** Told of a block that the scheduler places here and that is not here. */
  onLost: (key: BlockKey) => void;
  /** Resolves when the task that makes a block has ended; undefined when it does not run here. */
  ending: (key: BlockKey) => Promise<void> | undefined;
  times?: FinderTimes;
}

type Allocate = NonNullable<FetchOptions['allocate']>;

/** For who alone reads a block, and gives it back. All of it is written before it is read. */
const ownMemory: Allocate = (bytes) => Buffer.allocUnsafeSlow(bytes);

/** The input of a task. */
export interface TaskInput {
  bytes: Uint8Array;
  /** Nobody else has them: their memory may be moved to a thread. */
  isOwn: boolean;
  /** The store has them as long as it holds the block, whoever else has them. */
  isHeld: boolean;
}

/** Finds blocks: here, or wherever the scheduler says they are. */
export class BlockFinder {
  readonly #options: BlockFinderOptions;
  readonly #inputs: InputPlaces;
  /** Blocks of peers. A large one is fetched each time. */
  readonly #kept = new SharedCache<Uint8Array>({
    most: keptBytes,
    sizeOf: ({ length }) => (length > largestKept ? Number.POSITIVE_INFINITY : length),
  });

  constructor(options: BlockFinderOptions) {
    this.#options = options;
    this.#inputs = new InputPlaces(options.scheduler);
  }

  /** Bytes of peers' blocks that are kept here. */
  get cachedBytes(): number {
    return this.#kept.size;
  }

  /**
   * The input of a task. Tasks that ask for the same block at once share one fetch, but for one that `alone` reads it.
   * @throws HyperslabError BLOCK_NOT_FOUND when it is not made, or lost
   */
  async forTask({ parts, ...key }: BlockKey, signal: AbortSignal, alone = false): Promise<TaskInput> {
    if (parts !== undefined)
      return { bytes: await this.#partsForTask(key, parts, signal), isOwn: true, isHeld: false };
    const held = await this.#options.store.getShared(key);
    if (held !== undefined) return { bytes: held.bytes, isOwn: false, isHeld: true };
    if (alone) {
      const { bytes, isHeld } = await this.#find(key, true, signal, ownMemory, () =>
        this.#inputs.of(key, signal),
      );
      return { bytes, isOwn: !isHeld, isHeld: isHeld === true };
    }
    const fetch = async (shared: AbortSignal) =>
      (await this.#find(key, true, shared, sharedMemory, () => this.#inputs.of(key, shared))).bytes;
    return { bytes: await this.#kept.get(blockId(key), fetch, signal), isOwn: false, isHeld: false };
  }

  /**
   * Parts of blocks of a stage that are the input of a task, as a block of these in memory of its own. All that one peer holds come in
   * one answer.
   * @throws HyperslabError BLOCK_NOT_FOUND when one is not made, or lost
   */
  async #partsForTask(key: BlockKey, { tasks, parts }: BlockParts, signal: AbortSignal): Promise<Uint8Array> {
    const byAddress = await this.#byAddress(key, tasks, signal);
    const ofNumbers = (numbers: readonly number[]): BlockKey => ({
      ...key,
      task: tasks[numbers[0]],
      parts: { tasks: numbers.map((at) => tasks[at]), parts: numbers.map((at) => parts[at]) },
    });
    const fetched: { block: MadeBlock; numbers: readonly number[] }[] = [];
    await Promise.all(
      [...byAddress].map(async ([address, numbers]) => {
        try {
          const block = await this.#fetch(ofNumbers(numbers), address, signal, ownMemory);
          fetched.push({ block, numbers });
        } catch {
          // Any of them may be elsewhere by now, or be made again: each is looked for by itself.
          signal.throwIfAborted();
          for (const at of numbers) {
            const block = await this.#find(ofNumbers([at]), true, signal, ownMemory);
            fetched.push({ block, numbers: [at] });
          }
        }
      }),
    );
    if (fetched.length === 1) return fetched[0].block.bytes;
    const found = new Array<EncodedPart>(tasks.length);
    for (const { block, numbers } of fetched)
      numbers.forEach((at, part) => {
        found[at] = partOf(block.bytes, part);
      });
    const joined = joinParts(found, ownMemory);
    for (const { block } of fetched) block.release?.();
    return joined;
  }

  /** Numbers of tasks by where their blocks are. */
  async #byAddress(
    key: BlockKey,
    tasks: readonly number[],
    signal: AbortSignal,
  ): Promise<Map<string, number[]>> {
    const { store, own } = this.#options;
    const addresses = await Promise.all(
      tasks.map((task) => {
        const one = { ...key, task };
        return store.missing(one) === undefined ? own.address : this.#inputs.of(one, signal);
      }),
    );
    const byAddress = new Map<string, number[]>();
    addresses.forEach((address, at) => {
      const numbers = byAddress.get(address);
      if (numbers === undefined) byAddress.set(address, [at]);
      else numbers.push(at);
    });
    return byAddress;
  }

  /**
   * A block of a result, as soon as it is made; `places` says where to try first.
   * @throws HyperslabError UNAVAILABLE when it is made and can't be had, and why its job failed
   */
  async forReader(key: BlockKey, signal: AbortSignal, places?: BlockPlaces): Promise<MadeBlock> {
    // One that is made here is here before the scheduler knows.
    await aborting(this.#options.ending(key), signal);
    // One that the disk does not give back is made again.
    const held = await this.#options.store.get(key).catch(() => undefined);
    if (held !== undefined) return this.#ownBlock(held);
    return this.#find(key, false, signal, ownMemory, places && (() => places.of(key.task)));
  }

  /** Drops what is kept of a job. */
  forget(jobId: string): void {
    this.#kept.drop((id) => id.startsWith(`${jobId}/`));
  }

  /** @param place where it is as far as others have been told, for the first try */
  async #find(
    key: BlockKey,
    mustExist: boolean,
    signal: AbortSignal,
    allocate: Allocate,
    place?: () => Promise<string>,
  ): Promise<MadeBlock> {
    const { times = defaultTimes } = this.#options;
    const started = performance.now();
    const silent = new Map<string, { tries: number; since: number }>();
    for (let attempt = 1; ; attempt++) {
      const first = attempt === 1 ? place : undefined;
      const address = await (first?.() ?? this.#locate(key, mustExist, unreachable(silent, times), signal));
      try {
        return await this.#fetch(key, address, signal, allocate);
      } catch (error) {
        signal.throwIfAborted();
        const failure = asHyperslabError(error);
        const before = silent.get(address) ?? { tries: 0, since: performance.now() };
        if (failure.status !== 'NOT_FOUND') silent.set(address, { ...before, tries: before.tries + 1 });
        const patient = failure.retryable && performance.now() - started < patienceMs;
        if (mustExist && attempt >= triesForTask && !patient) throw failure;
        if (!mustExist && attempt >= triesForReader) throw hopeless(key, address, attempt, failure);
        await sleep(backoffMs(attempt, times), undefined, { signal });
      }
    }
  }

  async #locate(
    { jobId, stage, task, listing }: BlockKey,
    mustExist: boolean,
    unreachableAddresses: string[],
    signal: AbortSignal,
  ): Promise<string> {
    const where = { jobId, stage, first: task, count: 1, listing };
    const request = { ...where, unreachable: unreachableAddresses, mustExist, asMade: false };
    const deadlineMs = mustExist ? 30_000 : 86_400_000;
    const options = { signal, deadlineMs, retry: true };
    return (await call(this.#options.scheduler, 'locateBlocks', request, options)).addresses[0];
  }

  async #fetch(key: BlockKey, address: string, signal: AbortSignal, allocate: Allocate): Promise<MadeBlock> {
    const { store, peers, own, onLost, times } = this.#options;
    const silenceMs = times?.peerSilenceMs;
    if (address !== own.address) return peers.fetch(address, key, signal, { allocate, silenceMs });
    const held = await store.get(key);
    if (held !== undefined) return this.#ownBlock(held);
    onLost(store.missing(key) ?? key);
    throw new HyperslabError(
      'BLOCK_NOT_FOUND',
      `${blockName(key)}: it is not here any more; it is made again`,
    );
  }

  #ownBlock(held: LentBlock): MadeBlock {
    const { kernelVersion } = this.#options.own;
    return { bytes: held.bytes, kernelVersion, isHeld: true, release: () => held[Symbol.dispose]() };
  }
}

/** Addresses that did not answer for long enough. They are said once, and then get as many tries again. */
function unreachable(
  silent: Map<string, { tries: number; since: number }>,
  { silentMs }: FinderTimes,
): string[] {
  const now = performance.now();
  const given = [...silent].filter(([, { tries, since }]) => tries >= silentTries && now - since >= silentMs);
  for (const [address] of given) silent.delete(address);
  return given.map(([address]) => address);
}

function hopeless(key: BlockKey, address: string, tries: number, cause: HyperslabError): HyperslabError {
  const message =
    `${blockName(key)}: it could not be had in ${tries} tries, at last from ${address}: ${cause.message}; read the ` +
    'result again';
  return new HyperslabError('UNAVAILABLE', message, { address }, cause);
}

/** Waits for something, or until the signal aborts: then its reason is thrown. */
async function aborting(promise: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
  if (promise === undefined) return;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
