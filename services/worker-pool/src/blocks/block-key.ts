import type { BlockParts } from '@hyperslab/proto/worker';

/** Names a block. */
export interface BlockKey {
  jobId: string;
  stage: number;
  task: number;
  /** Of a publish: the listing of objects that it belongs to; else empty. */
  listing: string;
  /** Of an EXCHANGE stage: these parts of its blocks, instead of the block of the task. */
  parts?: BlockParts;
}

/** A block's name in words, for messages. */
export function blockName({ jobId, stage, task }: BlockKey): string {
  return `block ${stage}/${task} of job ${jobId}`;
}

/** A block's name in maps. Begins with the job. */
export function blockId({ jobId, stage, task, listing }: BlockKey): string {
  return `${jobId}/${stage}/${task}/${listing}`;
}
