import type { IndexRange, MaskedArray } from '@hyperslab/array';
import type { Allocator } from '@hyperslab/kernels';
import type { BlockParts } from '@hyperslab/proto/worker';

/** Decodes what was fetched, in the given memory as far as it can be. Nobody writes to the answer, which others may have, too. */
export type DecodeSource = (memory: Allocator) => MaskedArray;

/** What a task needs of the world. */
export interface TaskIo {
  /**
   * Fetches a hyperslab of a source of the plan: one range for each of its dimensions. What is stored comes to `memory` as far as it can, and
   * nothing is written there any more once this has settled. The answer makes values of it, unpacked and masked, when they are about to be used; it
   * may or may not keep dimensions of one index.
   */
  fetchSource: (
    source: number,
    ranges: IndexRange[],
    memory: Allocator,
    signal?: AbortSignal,
  ) => Promise<DecodeSource>;
  /** Reads the block that a task of an earlier stage made. */
  readBlock: (stage: number, task: number) => Promise<Uint8Array>;
  /** Reads parts of blocks of an EXCHANGE stage; they come as a block of just these parts, in this order. */
  readParts: (stage: number, parts: BlockParts) => Promise<Uint8Array>;
  signal?: AbortSignal;
  /** Throws when the task has been cancelled, also while what would abort `signal` is a message, which nobody hears who computes. */
  throwIfCancelled?: () => void;
}
