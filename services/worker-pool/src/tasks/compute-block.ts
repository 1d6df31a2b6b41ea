import { runTask as runComputation } from '@hyperslab/expression';
import { fetchArray } from '@hyperslab/reader';
import type { TaskEnvironment } from './task-environment.ts';
import type { TaskRequest } from './task-request.ts';

/** Runs a task of a computation: reads hyperslabs and blocks, and answers the block that it makes of them. */
export function computeBlock(environment: TaskEnvironment, request: TaskRequest): Promise<Uint8Array> {
  const { plan, stage, task, readBlock, signal } = request;
  return runComputation(plan, stage, task, {
    fetchSource: async (number, ranges, memory) => {
      const { variable, manifest } = plan.sources[number];
      const selection = { dataset: '', variable: '', ranges: [...ranges], droppedDimensions: [] };
      const wanted = { variable, manifest, selection, stored: false };
      return fetchArray({ ...(await environment.readRequest(wanted, signal)), memory });
    },
    readBlock: (from, which) => readBlock(from, which),
    signal,
  });
}
