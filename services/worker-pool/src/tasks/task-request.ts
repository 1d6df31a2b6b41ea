import type { Plan } from '@hyperslab/proto/expression';
import type { BlockParts } from '@hyperslab/proto/worker';

/** A task, and what it may ask for. */
export interface TaskRequest {
  jobId: string;
  plan: Plan;
  stage: number;
  task: number;
  /** A block of an earlier stage of the same job. */
  readBlock(stage: number, task: number): Promise<Uint8Array>;
  /** A block of another job, whose result the plan reads. */
  readBlockOf(jobId: string, stage: number, task: number): Promise<Uint8Array>;
  /** Parts of blocks of an EXCHANGE stage, as a block of these. */
  readParts(stage: number, parts: BlockParts): Promise<Uint8Array>;
  signal: AbortSignal;
  /** Throws when the task has been cancelled, also while its thread computes and so hears no messages. */
  throwIfCancelled?: () => void;
}
