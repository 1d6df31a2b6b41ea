import { MessageQueue } from '@hyperslab/rpc';
import type { BlockKey } from './block-key.ts';

/** Numbers of tasks whose blocks are held, each as it comes; disposed of when nobody waits for more. */
export type Arrivals = MessageQueue<number> & Disposable;

/** Tells those who wait for the blocks of a stage. */
export class BlockArrivals {
  /** By job and stage. */
  readonly #followers = new Map<string, Set<MessageQueue<number>>>();

  arrived({ jobId, stage, listing, task }: Omit<BlockKey, 'parts'>): void {
    // Mostly nobody follows, and blocks may be many and small.
    if (this.#followers.size === 0) return;
    for (const follower of this.#followers.get(idOf(jobId, stage, listing)) ?? []) follower.push(task);
  }

  /** @param held those that are there already */
  follow(jobId: string, stage: number, listing: string, held: Iterable<number>): Arrivals {
    const id = idOf(jobId, stage, listing);
    const followers = this.#followers.get(id) ?? new Set();
    this.#followers.set(id, followers);
    const queue = new MessageQueue<number>();
    for (const task of held) queue.push(task);
    followers.add(queue);
    const leave = () => {
      followers.delete(queue);
      if (followers.size === 0 && this.#followers.get(id) === followers) this.#followers.delete(id);
    };
    return Object.assign(queue, { [Symbol.dispose]: leave });
  }
}

function idOf(jobId: string, stage: number, listing: string): string {
  return `${jobId}/${stage}/${listing}`;
}
