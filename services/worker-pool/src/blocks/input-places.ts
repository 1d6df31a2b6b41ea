import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { WorkerLinkServiceClient } from '@hyperslab/proto/scheduler';
import { call } from '@hyperslab/rpc';
import { type BlockKey, blockName } from './block-key.ts';
import { mostAtOnce } from './block-places.ts';

const deadlineMs = 30_000;

interface Asked {
  task: number;
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

  /** Address of the worker that holds a block. @throws HyperslabError BLOCK_NOT_FOUND when it is not made, or lost */
  of(key: BlockKey): Promise<string> {
    return new Promise((resolve, reject) => {
      const { jobId, stage, task, listing } = key;
      const stageId = `${jobId}/${stage}/${listing}`;
      const group = this.#gathered.get(stageId) ?? { key, asked: [] };
      group.asked.push({ task, resolve, reject });
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
        void this.#ask(key, asked.splice(0, within < 0 ? asked.length : within));
      }
    }
  }

  /** Asks for blocks in the order of their numbers, at most `mostAtOnce` from the first to the last. */
  async #ask(key: BlockKey, asked: readonly Asked[]): Promise<void> {
    const { jobId, stage, listing } = key;
    const first = asked[0].task;
    const count = asked[asked.length - 1].task - first + 1;
    const where = { jobId, stage, first, count, listing, unreachable: [] };
    const request = { ...where, mustExist: true, asMade: true };
    try {
      const options = { deadlineMs, retry: true };
      const { addresses, locations } = await call(this.#scheduler, 'locateBlocks', request, options);
      const placeOf = ({ task }: Asked) => addresses[locations[task - first]];
      for (const each of asked) if (placeOf(each) !== undefined) each.resolve(placeOf(each));
      // One that is not made lies before them.
      const left = asked.filter((each) => placeOf(each) === undefined);
      if (asked.length > 1) this.#askAlone(key, left);
      else for (const { task, reject } of left) reject(notMade({ ...key, task }));
    } catch (error) {
      // Whichever of them it is that is not made, others may be.
      if (asked.length > 1 && isHyperslabError(error, 'BLOCK_NOT_FOUND')) this.#askAlone(key, asked);
      else for (const { reject } of asked) reject(error);
    }
  }

  #askAlone(key: BlockKey, asked: readonly Asked[]): void {
    for (const each of asked) void this.#ask(key, [each]);
  }
}

function notMade(key: BlockKey): HyperslabError {
  return new HyperslabError('BLOCK_NOT_FOUND', `${blockName(key)}: the scheduler does not say where it is`);
}
