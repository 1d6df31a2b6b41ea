import { encodeBlock } from '@hyperslab/expression';
import { StageKind } from '@hyperslab/proto/expression';
import type { TaskEnvironment } from '../task-environment.ts';
import type { TaskRequest } from '../task-request.ts';
import { finishOutput } from './finish-output.ts';
import { openOutput, outputOf } from './open-output.ts';
import { writeChunks } from './write-chunks.ts';

/** Runs a task that writes a part of a store. Each may be run again: it puts the same bytes under the same names. */
export async function outputTask(environment: TaskEnvironment, request: TaskRequest): Promise<Uint8Array> {
  const { plan, stage, jobId, signal } = request;
  const output = outputOf(plan);
  const { kind } = plan.stages[stage];
  if (kind === StageKind.STAGE_KIND_FINISH_OUTPUT) return finishOutput(environment, request, output);
  const folder = await openOutput(environment.outputRoots, output, jobId, signal);
  if (kind === StageKind.STAGE_KIND_WRITE_CHUNKS) return writeChunks(environment, request, output, folder);
  if (!(await folder.wasCommitted())) await folder.begin();
  return encodeBlock([{ dtype: 'int8', shape: [0], values: new Int8Array(0) }]);
}
