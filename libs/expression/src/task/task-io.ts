import type { IndexRange, MaskedArray } from '@hyperslab/array';
import type { Allocator } from '@hyperslab/kernels';

/** What a task needs of the world. */
export interface TaskIo {
  /**
   * Reads a hyperslab of a source of the plan, unpacked and masked: one range for each of its dimensions, of which the
   * answer may or may not keep those of one index. It is made in `memory` as far as it can be, and nothing is written there any more
   * once this has settled. Nobody writes to the answer, which others may have, too.
   */
  readSource: (
    source: number,
    ranges: IndexRange[],
    signal?: AbortSignal,
    memory?: Allocator,
  ) => Promise<MaskedArray>;
  /** Reads the block that a task of an earlier stage made. */
  readBlock: (stage: number, task: number) => Promise<Uint8Array>;
  signal?: AbortSignal;
}
