import type { LocateBlocksResponse, WorkerLinkServiceClient } from '@hyperslab/proto/scheduler';
import { call } from '@hyperslab/rpc';

/** Of so many blocks it is asked at once where they are; as many as the scheduler answers. */
export const mostAtOnce = 4096;
/** A block may be long in coming: its reader decides when it has waited enough. */
const deadlineMs = 86_400_000;

/** A stage's blocks up to one, that are read in order. */
export interface ReadBlocks {
  jobId: string;
  stage: number;
  /** The one behind the last. */
  end: number;
}

/** Where the blocks of a result are: of all that are made by then, the scheduler is asked at once. */
export class BlockPlaces {
  readonly #scheduler: WorkerLinkServiceClient;
  readonly #blocks: ReadBlocks;
  readonly #signal: AbortSignal;
  /** Places of consecutive blocks. */
  #known: { first: number; places: LocateBlocksResponse };
  #asking: Promise<void> | undefined;

  /** @param places of those that are made from `first` on, as far as it is known already */
  constructor(
    scheduler: WorkerLinkServiceClient,
    blocks: ReadBlocks,
    first: number,
    places: LocateBlocksResponse,
    signal: AbortSignal,
  ) {
    this.#scheduler = scheduler;
    this.#blocks = blocks;
    this.#known = { first, places };
    this.#signal = signal;
  }

  /**
   * Address of the worker that holds a block, as soon as it is made. Blocks are asked for in order: what was known of those
   * before is forgotten then.
   * @throws HyperslabError why the job failed
   */
  async of(task: number): Promise<string> {
    for (;;) {
      const { first, places } = this.#known;
      const location = places.locations[task - first];
      if (location !== undefined) return places.addresses[location];
      this.#asking ??= this.#ask(task).finally(() => {
        this.#asking = undefined;
      });
      await this.#asking;
    }
  }

  async #ask(first: number): Promise<void> {
    const { jobId, stage, end } = this.#blocks;
    const count = Math.min(end - first, mostAtOnce);
    const where = { jobId, stage, first, count, listing: '', unreachable: [] };
    const options = { signal: this.#signal, deadlineMs, retry: true };
    const places = await call(
      this.#scheduler,
      'locateBlocks',
      { ...where, mustExist: false, asMade: true },
      options,
    );
    this.#known = { first, places };
  }
}
