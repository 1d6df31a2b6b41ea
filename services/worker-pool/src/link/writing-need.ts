import { type DataType, elementCount, itemSize } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type OutputPlan, type Plan, StageKind } from '@hyperslab/proto/expression';

/**
 * So many times the bytes of a chunk a task takes that writes it: what it is made of, its block, a part cut from that, with fill
 * values, in the order of its bytes and compressed.
 */
const copies = 6;
/** Of text a chunk has references. */
const textBytes = 16;

/** What tasks of a plan take that write chunks. */
export interface WritingNeed {
  /** The stages of these tasks. */
  stages: readonly number[];
  /** The one that comes before them. */
  begins: number;
  chunkShape: readonly number[];
  dtype: string;
  /** Bytes of a chunk, and of a task. */
  chunkBytes: number;
  taskBytes: number;
}

/** What is needed to write the store of a plan; undefined where it has none. */
export function writingNeed({ stages, output }: Plan): WritingNeed | undefined {
  if (output?.result === undefined) return undefined;
  const kinds = stages.map(({ kind }) => kind);
  const chunkBytes = bytesOfChunk(output, output.result.dtype);
  return {
    stages: [...kinds.keys()].filter((stage) => kinds[stage] === StageKind.STAGE_KIND_WRITE_CHUNKS),
    begins: kinds.indexOf(StageKind.STAGE_KIND_BEGIN_OUTPUT),
    chunkShape: output.chunkShape,
    dtype: output.result.dtype,
    chunkBytes,
    taskBytes: copies * chunkBytes,
  };
}

function bytesOfChunk({ chunkShape }: OutputPlan, dtype: string): number {
  const extents = chunkShape.map((extent) => Math.max(1, extent));
  return elementCount(extents) * (dtype === 'string' ? textBytes : itemSize(dtype as DataType));
}

/** Bytes that a task of a stage takes to write; 0 for one that writes no chunks. */
export function writingBytesOf(need: WritingNeed | undefined, stage: number): number {
  return need?.stages.includes(stage) ? need.taskBytes : 0;
}

/**
 * Throws TOO_LARGE for a task, or one before those, that has more to write than a worker has memory for.
 * @param most bytes that all tasks may take that write at once
 */
export function assertWritable(need: WritingNeed | undefined, stage: number, most: number): void {
  if (need === undefined || need.taskBytes <= most) return;
  if (stage !== need.begins && !need.stages.includes(stage)) return;
  const { chunkShape, dtype, chunkBytes, taskBytes } = need;
  throw new HyperslabError(
    'TOO_LARGE',
    `chunks [${chunkShape.join(', ')}] of ${dtype} take ${chunkBytes} bytes, and a task that writes one ${taskBytes}; this worker has ${most} for that: ` +
      `choose chunks of at most ${Math.floor(most / copies)} bytes, or give workers more memory (HYPERSLAB_WORKER_MEMORY)`,
    { bytes: String(chunkBytes), most: String(Math.floor(most / copies)) },
  );
}
