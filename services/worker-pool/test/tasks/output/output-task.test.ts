import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHyperslabError } from '@hyperslab/errors';
import { decodeBlock, encodeBlock } from '@hyperslab/expression';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { GivenUpOutputs } from '../../../src/link/given-up-outputs.ts';
import { outputTask } from '../../../src/tasks/output/output-task.ts';
import type { TaskEnvironment } from '../../../src/tasks/task-environment.ts';

const jobId = '0123456789abcdef0123';
const log = { warn: () => undefined } as never;

/** A result of two blocks, whose first stage made them. */
function planFor(url: string, fillValue?: number): Plan {
  const result = {
    name: 't',
    dtype: 'int16',
    dimensions: ['x'],
    shape: [4],
    blockGrid: [{ sizes: [2], counts: [2] }],
  };
  return Plan.fromPartial({
    stages: [
      {},
      { kind: StageKind.STAGE_KIND_BEGIN_OUTPUT, tasks: 1 },
      { kind: StageKind.STAGE_KIND_WRITE_CHUNKS, tasks: 2, inputs: [0, 1], fanIn: 1 },
      { kind: StageKind.STAGE_KIND_FINISH_OUTPUT, tasks: 1, inputs: [2] },
    ],
    output: {
      url,
      result,
      encoding: { format: 3, compression: 'none', level: 1, shuffle: false },
      chunkShape: [1],
      fillValue,
      history: [],
    },
  });
}

/** Runs tasks of a plan in a folder, with the blocks that they make. */
function runner(plan: Plan, roots: readonly string[]) {
  const environment = { outputRoots: roots } as TaskEnvironment;
  const blocks = new Map<string, Uint8Array>();
  for (const [task, values] of [Int16Array.of(1, 2), Int16Array.of(3, 4)].entries())
    blocks.set(
      `0/${task}`,
      encodeBlock([{ dtype: 'int16', shape: [2], values, mask: Uint8Array.of(0, task) }]),
    );
  const run = async (stage: number, task = 0) => {
    const { signal } = new AbortController();
    const readParts = () => assert.fail('no values are exchanged');
    const readBlock = async (from: number, which: number) => blocks.get(`${from}/${which}`)!;
    const readBlockOf = async () => assert.fail('there is no other job');
    const reads = { readBlock, readBlockOf, readParts };
    const bytes = await outputTask(environment, { jobId, plan, stage, task, ...reads, signal });
    blocks.set(`${stage}/${task}`, bytes);
    return Array.from(decodeBlock(bytes)[0].values as BigInt64Array, Number);
  };
  return run;
}

describe('tasks that write a store', () => {
  it('may run again and in any order, also after its end', () =>
    withTemporaryDirectory(async (folder) => {
      const target = join(folder, 'a.zarr');
      const run = runner(planFor(target), [folder]);
      await run(1);
      assert.deepEqual(await run(2, 1), [1, 0, 0]);
      await run(1);
      assert.deepEqual(await run(2, 0), [0, 0, 0]);
      await run(2, 1);
      assert.ok(!(await readdir(folder)).includes('a.zarr'));
      assert.deepEqual(await run(3), [1, 0]);
      const bytes = await Promise.all([0, 1, 2, 3].map((i) => readFile(join(target, `t/c/${i}`))));
      assert.deepEqual(
        bytes.map((each) => each.readInt16LE()),
        [1, 2, 3, -32767],
      );
      // Their blocks were lost with a worker, and the client has not read the figures yet.
      await run(1);
      await run(2, 1);
      assert.deepEqual(await run(3), [1, 0]);
      assert.deepEqual(await readdir(folder), ['a.zarr']);
    }));

  it('write nothing that nobody began, or that was given up', () =>
    withTemporaryDirectory(async (folder) => {
      const plan = planFor(join(folder, 'a.zarr'));
      const run = runner(plan, [folder]);
      await assert.rejects(run(2, 0), /nobody has begun it, or it was given up/);
      await run(1);
      await run(2, 0);
      const outputs = new GivenUpOutputs([folder], log, { afterMs: 5 });
      outputs.discard(jobId, plan.output!);
      while ((await readdir(folder)).length > 0) await sleep(5);
      await assert.rejects(run(2, 1));
      assert.deepEqual(await readdir(folder), []);
      outputs.close();
    }));

  it('keep a store whose job came again before it was removed', () =>
    withTemporaryDirectory(async (folder) => {
      const plan = planFor(join(folder, 'a.zarr'));
      const run = runner(plan, [folder]);
      await run(1);
      await run(2, 0);
      const outputs = new GivenUpOutputs([folder], log, { afterMs: 20 });
      outputs.discard(jobId, plan.output!);
      outputs.keep(jobId);
      await sleep(60);
      await run(2, 1);
      assert.deepEqual(await run(3), [1, 0]);
      outputs.close();
    }));

  it('keep a store that is complete when its job is forgotten', () =>
    withTemporaryDirectory(async (folder) => {
      const plan = planFor(join(folder, 'a.zarr'));
      const run = runner(plan, [folder]);
      await run(1);
      for (const task of [0, 1]) await run(2, task);
      await run(3);
      const outputs = new GivenUpOutputs([folder], log, { afterMs: 1 });
      outputs.discard(jobId, plan.output!);
      await sleep(50);
      assert.deepEqual((await readdir(join(folder, 'a.zarr'))).sort(), ['t', 'zarr.json']);
      outputs.close();
    }));

  it('write nowhere but below the roots, wherever links lead', () =>
    withTemporaryDirectory(async (folder) => {
      const root = join(folder, 'root');
      await mkdir(join(folder, 'elsewhere'));
      await mkdir(root);
      await symlink(join(folder, 'elsewhere'), join(root, 'link'));
      const targets = ['elsewhere/a.zarr', 'root/../elsewhere/a.zarr', 'root/link/a.zarr', 'root'];
      for (const target of targets)
        await assert.rejects(runner(planFor(join(folder, target)), [root])(1), (error) =>
          isHyperslabError(error, 'OUTSIDE_ROOTS'),
        );
      await assert.rejects(runner(planFor(join(root, 'a.zarr')), [])(1), (error) =>
        isHyperslabError(error, 'OUTSIDE_ROOTS'),
      );
      assert.deepEqual(await readdir(join(folder, 'elsewhere')), []);
    }));

  it('refuse a fill value that occurs', () =>
    withTemporaryDirectory(async (folder) => {
      const run = runner(planFor(join(folder, 'a.zarr'), 3), [folder]);
      await run(1);
      assert.deepEqual(await run(2, 0), [0, 0, 0]);
      assert.deepEqual(await run(2, 1), [1, 0, 1]);
      await assert.rejects(run(3), (error) => isHyperslabError(error, 'INVALID_ARGUMENT'));
    }));
});
