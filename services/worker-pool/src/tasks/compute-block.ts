import type { DataType, IndexRange } from '@hyperslab/array';
import { readBlocks, runTask as runComputation } from '@hyperslab/expression';
import type { Allocator } from '@hyperslab/kernels';
import { StageKind } from '@hyperslab/proto/expression';
import { fetchArray } from '@hyperslab/reader';
import { leastShared, sharedMemory } from '../threads/shared-bytes.ts';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/**
 * Runs a task of a computation: reads hyperslabs and blocks, and answers the block that it makes of them.
 * @param isOwn whether the caller alone takes it in, who gives its memory back then. @default no other task takes in what the stage makes
 */
export function computeBlock(
  environment: TaskEnvironment,
  request: TaskRequest,
  isOwn = isSent(request),
): Promise<Uint8Array> {
  const { plan, stage, task, readBlock, readBlockOf, readParts, signal, throwIfCancelled } = request;
  const io = {
    fetchSource: async (number: number, ranges: IndexRange[], memory: Allocator) => {
      const { variable, manifest, persisted } = plan.sources[number];
      if (persisted !== undefined) {
        const { jobId, stage: from } = persisted;
        const read = (block: number) => readBlockOf(jobId, from, block);
        const { dtype, chunkGrid: grid } = variable!;
        const array = await readBlocks({ dtype: dtype as DataType, grid, read }, ranges, memory);
        return () => array;
      }
      const selection = { dataset: '', variable: '', ranges: [...ranges], droppedDimensions: [] };
      const wanted = { variable, manifest, selection, stored: false };
      return fetchArray({ ...(await environment.readRequest(wanted, signal)), memory });
    },
    readBlock,
    readParts,
    signal,
    throwIfCancelled,
  };
  return runComputation(plan, stage, task, io, { allocateBlock: isOwn ? allocateOwn : allocateShared });
}

/** What other tasks take in, threads share; a result is sent, and so are parts, and the memory is given back after that. */
function isSent({ plan: { stages }, stage }: TaskRequest): boolean {
  return stage === stages.length - 1 || stages[stage].kind === StageKind.STAGE_KIND_EXCHANGE;
}

function allocateShared(length: number): Uint8Array {
  return length < leastShared ? new Uint8Array(length) : sharedMemory(length);
}

/** Of its own, as it is handed over to another thread; a small one is sent with others. */
function allocateOwn(length: number): Uint8Array {
  return length < leastShared ? new Uint8Array(length) : Buffer.allocUnsafeSlow(length);
}
