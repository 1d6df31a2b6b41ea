import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { WorkerLinkServiceClient } from '@hyperslab/proto/scheduler';
import { call } from '@hyperslab/rpc';
import { SharedWork } from '@hyperslab/storage';
import { type BlockKey, blockName } from './block-key.ts';
import { mostAtOnce } from './block-places.ts';

const deadlineMs = 30_000;

interface Asked {
  task: number;
  signal: AbortSignal;
  resolve: (address: string) => void;
  reject: (error: unknown) => void;
}

/**
 * Where the inputs of tasks are. Those of one stage that are asked for at once, as a task does that reads many, go to the scheduler
 * in one request, together with what lies between them.
 */
export class InputPlaces {
  readonly #scheduler: WorkerLinkServiceClient;
  /** By job, stage and listing. */
  readonly #gathered = new Map<string, { key: BlockKey; asked: Asked[] }>();

  constructor(scheduler: WorkerLinkServiceClient) {
    this.#scheduler = scheduler;
  }

  /**
   * Address of the worker that holds a block.
   * @throws HyperslabError BLOCK_NOT_FOUND when it is not made, or lost; the signal's reason
   */
  of(key: BlockKey, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const { jobId, stage, task, listing } = key;
      const stageId = `${jobId}/${stage}/${listing}`;
      const group = this.#gathered.get(stageId) ?? { key, asked: [] };
      group.asked.push({ task, signal, resolve, reject });
      this.#gathered.set(stageId, group);
      if (this.#gathered.size === 1 && group.asked.length === 1) setImmediate(() => this.#askAll());
    });
  }

  #askAll(): void {
    const groups = [...this.#gathered.values()];
    this.#gathered.clear();
    for (const { key, asked } of groups) {
      asked.sort((a, b) => a.task - b.task);
      while (asked.length > 0) {
        const end = asked[0].task + mostAtOnce;
        const within = asked.findIndex(({ task }) => task >= end);
        this.#ask(key, asked.splice(0, within < 0 ? asked.length : within));
      }
    }
  }

  /**
   * Asks for blocks in the order of their numbers, at most `mostAtOnce` from the first to the last. The call ends when nobody waits
   * for it any more.
   */
  #ask(key: BlockKey, all: readonly Asked[]): void {
    for (const { signal, reject } of all) if (signal.aborted) reject(signal.reason);
    const asked = all.filter(({ signal }) => !signal.aborted);
    if (asked.length === 0) return;
    const { jobId, stage, listing } = key;
    const first = asked[0].task;
    const count = asked[asked.length - 1].task - first + 1;
    const where = { jobId, stage, first, count, listing, unreachable: [] };
    const request = { ...where, mustExist: true, asMade: true };
    const located = new SharedWork(async (signal) => {
      const options = { deadlineMs, retry: true, signal };
      const { addresses, locations } = await call(this.#scheduler, 'locateBlocks', request, options);
      return (task: number): string | undefined => addresses[locations[task - first]];
    });
    for (const each of asked) void this.#answer(key, each, located, asked.length === 1);
  }

  async #answer(
    key: BlockKey,
    asked: Asked,
    located: SharedWork<(task: number) => string | undefined>,
    isAlone: boolean,
  ): Promise<void> {
    const { task, signal, resolve, reject } = asked;
    try {
      const address = (await located.join(signal))(task);
      // One that is not made lies before it.
      if (address !== undefined) resolve(address);
      else if (isAlone) reject(notMade({ ...key, task }));
      else this.#ask(key, [asked]);
    } catch (error) {
      // Whichever of them it is that is not made, this one may be.
      if (!isAlone && isHyperslabError(error, 'BLOCK_NOT_FOUND')) this.#ask(key, [asked]);
      else reject(error);
    }
  }
}

function notMade(key: BlockKey): HyperslabError {
  return new HyperslabError('BLOCK_NOT_FOUND', `${blockName(key)}: the scheduler does not say where it is`);
}
