/** Names a block. */
export interface BlockKey {
  jobId: string;
  stage: number;
  task: number;
}

/** A block's name in words, for messages. */
export function blockName({ jobId, stage, task }: BlockKey): string {
  return `block ${stage}/${task} of job ${jobId}`;
}
