import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError, HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { BlocksTaken, TakeBlocks } from '@hyperslab/proto/scheduler';
import { backoffMs } from '@hyperslab/rpc';
import type { Logger } from '@hyperslab/telemetry';
import type { BlockStore } from './block-store.ts';
import type { Peers } from './peers.ts';

/** Blocks that are fetched at the same time. */
const atOnce = 4;
/** A peer that does not answer at once, though it lives, is asked again. */
const tries = 3;
const retry = { firstMs: 50, longestMs: 1_000 };

export interface BlockTakerOptions {
  store: BlockStore;
  peers: Peers;
  /** Hash of the plan of a job that is known here; empty of others. */
  fingerprintOf: (jobId: string) => string;
  log: Logger;
  /** Tells the scheduler what is held now. */
  report: (taken: BlocksTaken) => void;
}

interface Taking {
  request: TakeBlocks;
  controller: AbortController;
}

/** Takes over blocks of workers that are about to go. */
export class BlockTaker {
  readonly #options: BlockTakerOptions;
  readonly #running = new Set<Taking>();

  constructor(options: BlockTakerOptions) {
    this.#options = options;
  }

  /** Fetches blocks and holds them; reports those that it got when all were tried. */
  take(request: TakeBlocks): void {
    const taking = { request, controller: new AbortController() };
    this.#running.add(taking);
    this.#take(taking)
      .then((taken) => this.#options.report(taken))
      .finally(() => this.#running.delete(taking));
  }

  /** Takes no more of a job, or of some of its stages. What was taken is the store's to forget. */
  forget(jobId: string, stages: readonly number[]): void {
    for (const { request, controller } of this.#running) {
      if (request.jobId !== jobId || (stages.length > 0 && !stages.includes(request.stage))) continue;
      controller.abort(new HyperslabError('CANCELLED', 'the job is forgotten'));
    }
  }

  async #take({ request, controller }: Taking): Promise<BlocksTaken> {
    const { from, jobId, stage } = request;
    const fingerprint = this.#options.fingerprintOf(jobId);
    const left = [...request.tasks];
    const tasks: number[] = [];
    const sizes: number[] = [];
    const takeNext = async () => {
      for (let task = left.shift(); task !== undefined; task = left.shift()) {
        const size = await this.#takeOne(request, task, controller.signal).catch((error) => {
          if (controller.signal.aborted || !isBroken(error)) throw error;
          this.#options.log.warn({ err: error, from, job: jobId }, 'could not take over a block');
        });
        if (size === undefined) continue;
        tasks.push(task);
        sizes.push(size);
      }
    };
    const stop = (error: unknown) => {
      // The rest is asked of somebody else.
      if (!controller.signal.aborted) controller.abort(error);
    };
    await Promise.all(Array.from({ length: atOnce }, () => takeNext().catch(stop)));
    const { reason } = controller.signal;
    if (reason !== undefined && !isHyperslabError(reason, 'CANCELLED'))
      this.#options.log.warn(
        { err: asHyperslabError(reason), from, job: jobId },
        'could not take over blocks',
      );
    return { from, blocks: { jobId, stage, tasks, sizes, fingerprint } };
  }

  async #takeOne({ from, jobId, stage, listing }: TakeBlocks, task: number, signal: AbortSignal) {
    const { store, peers } = this.#options;
    const key = { jobId, stage, task, listing };
    for (let attempt = 1; ; attempt++) {
      try {
        const { bytes } = await peers.fetch(from, key, signal);
        // The store has it from here on, to be forgotten with the job.
        signal.throwIfAborted();
        await store.put(key, bytes);
        return bytes.length;
      } catch (error) {
        signal.throwIfAborted();
        const failure = asHyperslabError(error);
        const again = failure.retryable || failure.reason === 'CHECKSUM_MISMATCH';
        if (!again || attempt >= tries) throw failure;
        await sleep(backoffMs(attempt, retry), undefined, { signal });
      }
    }
  }
}

/** Whether only this block can't be had: it is gone, or damaged where it is. */
function isBroken(error: unknown): boolean {
  return isHyperslabError(error, 'BLOCK_NOT_FOUND') || isHyperslabError(error, 'CHECKSUM_MISMATCH');
}
