import type { HeldBlocks } from '@hyperslab/proto/scheduler';
import type { BlockKey } from './block-key.ts';

/** What is known of a block by its name. */
interface Named {
  key: BlockKey;
  size: number;
}

/** Blocks by job, stage and listing, so that forgetting is quick. */
export class BlockTable<T extends Named> {
  readonly #stages = new Map<string, Map<number, Map<string, Map<number, T>>>>();

  find({ jobId, stage, listing, task }: BlockKey): T | undefined {
    return this.#stages.get(jobId)?.get(stage)?.get(listing)?.get(task);
  }

  /** The tasks of a stage whose blocks are there, in ascending order. */
  tasksOf(jobId: string, stage: number, listing: string): number[] {
    const tasks = this.#stages.get(jobId)?.get(stage)?.get(listing)?.keys() ?? [];
    return [...tasks].sort((a, b) => a - b);
  }

  /** Puts a block in the place of another of its name, which it answers. */
  put(block: T): T | undefined {
    const tasks = this.#placeOf(block.key);
    const before = tasks.get(block.key.task);
    tasks.set(block.key.task, block);
    return before;
  }

  /** Takes a block out, unless another has come in its place. */
  remove(block: T): void {
    if (this.find(block.key) === block) this.#placeOf(block.key).delete(block.key.task);
  }

  /** Takes out a job's blocks, or those of one stage, and answers them. */
  removeAll(jobId: string, stage?: number): T[] {
    const stages = this.#stages.get(jobId);
    const removed: T[] = [];
    for (const [number, listings] of stages ?? []) {
      if (stage !== undefined && stage !== number) continue;
      // One by one: there may be more than a call takes arguments.
      for (const block of blocksOf(listings)) removed.push(block);
      stages?.delete(number);
    }
    if (stages?.size === 0) this.#stages.delete(jobId);
    return removed;
  }

  /** All blocks, by job and stage; `fingerprintOf` names the plan of a job. */
  held(fingerprintOf: (jobId: string) => string): HeldBlocks[] {
    const held: HeldBlocks[] = [];
    for (const [jobId, stages] of this.#stages) {
      for (const [stage, listings] of stages) {
        const blocks = blocksOf(listings);
        const sizes = blocks.map(({ size }) => size);
        const tasks = blocks.map(({ key }) => key.task);
        held.push({ jobId, stage, tasks, sizes, fingerprint: fingerprintOf(jobId) });
      }
    }
    return held;
  }

  #placeOf({ jobId, stage, listing }: BlockKey): Map<number, T> {
    let stages = this.#stages.get(jobId);
    if (stages === undefined) {
      stages = new Map();
      this.#stages.set(jobId, stages);
    }
    let listings = stages.get(stage);
    if (listings === undefined) {
      listings = new Map();
      stages.set(stage, listings);
    }
    let tasks = listings.get(listing);
    if (tasks === undefined) {
      tasks = new Map();
      listings.set(listing, tasks);
    }
    return tasks;
  }
}

function blocksOf<T>(listings: ReadonlyMap<string, ReadonlyMap<number, T>>): T[] {
  return [...listings.values()].flatMap((tasks) => [...tasks.values()]);
}
