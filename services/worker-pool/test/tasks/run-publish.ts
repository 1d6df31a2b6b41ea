import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { leastGrowth, reserveArena } from '@hyperslab/kernels';
import { Dataset } from '@hyperslab/proto/cube';
import { Plan, type PublishPlan, StageKind } from '@hyperslab/proto/expression';
import { type FileIndex, FileIndexBatch } from '@hyperslab/proto/index';
import { reserveCache } from '@hyperslab/reader';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { decodeRemarks, objectCount } from '../../src/tasks/object-list.ts';
import { runTask } from '../../src/tasks/run-task.ts';
import { createTaskEnvironment, type TaskEnvironment } from '../../src/tasks/task-environment.ts';

const { signal } = new AbortController();

/** Runs all tasks of a publish, one after the other; answers the dataset and how many tasks there were of each stage. */
export async function publish(environment: TaskEnvironment, parts: Partial<PublishPlan>) {
  const plan = Plan.fromPartial({
    stages: [
      { kind: StageKind.STAGE_KIND_EXPAND, tasks: 1 },
      { kind: StageKind.STAGE_KIND_INDEX, inputs: [0] },
      { kind: StageKind.STAGE_KIND_AGGREGATE, tasks: 1, inputs: [1, 0] },
    ],
    publish: { name: 'large', merge: {}, objectsPerTask: 2, ...parts },
  });
  const blocks: Uint8Array[][] = [[], [], []];
  const readParts = () => Promise.reject(new Error('a publish exchanges no values'));
  const readBlock = async (stage: number, task: number) => blocks[stage][task];
  const readBlockOf = async () => {
    throw new Error('there is no other job');
  };
  const run = (stage: number, task: number) =>
    runTask(environment, { jobId: 'job', plan, stage, task, readBlock, readBlockOf, readParts, signal });
  const { bytes, objects } = await run(0, 0);
  blocks[0].push(bytes);
  const tasks = Math.ceil(objects / 2);
  for (let task = 0; task < tasks; task++) blocks[1].push((await run(1, task)).bytes);
  const dataset = Dataset.decode(Buffer.from((await run(2, 0)).bytes));
  const { large } = decodeRemarks(bytes);
  const files: FileIndex[] = blocks[1].flatMap((block) => FileIndexBatch.decode(Buffer.from(block)).files);
  return { dataset, tasks, large, files, listed: objectCount(bytes) };
}

/** Runs a body with what tasks need, that may read a folder; there is one `run` in it. */
export async function withEnvironment(
  body: (environment: TaskEnvironment, folder: string) => Promise<void>,
): Promise<void> {
  await withTemporaryDirectory(async (folder) => {
    await mkdir(join(folder, 'run'));
    const environment = createTaskEnvironment({
      roots: [folder],
      objects: join(folder, 'objects'),
      outputRoots: [],
      maker: 'code',
      scratch: folder,
      nativeCodecs: 'auto',
      weightBytes: 0,
      // The arena is that of this thread, which it may have begun to use.
      shared: { arena: reserveArena(leastGrowth), cache: reserveCache(1_000_000, 1), owner: 1 },
    });
    try {
      await body(environment, join(folder, 'run'));
    } finally {
      await environment.storage.close();
      await environment.objects.close();
    }
  });
}
