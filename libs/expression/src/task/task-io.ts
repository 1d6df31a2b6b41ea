import type { IndexRange, MaskedArray } from '@hyperslab/array';

/** What a task needs of the world. */
export interface TaskIo {
  /**
   * Reads a hyperslab of a source of the plan, unpacked and masked: one range for each of its dimensions, of which the
   * answer may or may not keep those of one index.
   */
  readSource: (source: number, ranges: IndexRange[], signal?: AbortSignal) => Promise<MaskedArray>;
  /** Reads the block that a task of an earlier stage made. */
  readBlock: (stage: number, task: number) => Promise<Uint8Array>;
  signal?: AbortSignal;
}
