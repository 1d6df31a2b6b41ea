import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import type { DataType, MaskedArray } from '@hyperslab/array';
import { allocateValues, copyRegion, elementCount, gridShape, unravel } from '@hyperslab/array';
import type { Dataset } from '@hyperslab/proto/cube';
import { Plan } from '@hyperslab/proto/expression';
import {
  decodeBlock,
  joinParts,
  parseExpression,
  partOf,
  planComputation,
  readBlocks,
  resolve,
  runTask,
  taskInputs,
} from '../src/index.ts';
import { cellBox } from '../src/task/box.ts';
import { type SampleVariable, sampleReader } from './sample-dataset.ts';

export interface RunOptions {
  targetBlockBytes?: number;
  tileBytes?: number;
  exchangeBytes?: number;
  chunkShape?: readonly number[];
  /** Answers a number in [0, 1): tasks of a stage are run in an order that it decides. */
  random?: () => number;
  /** Blocks that other jobs have persisted. */
  persisted?: ReadonlyMap<string, readonly Uint8Array[]>;
}

/** Plans an expression of a dataset, through the bytes of the wire. */
export async function planText(text: string, dataset: Dataset, options: RunOptions = {}): Promise<Plan> {
  const resolved = await resolve(parseExpression(text), 'sample', {
    datasets: new Map([['sample', dataset]]),
  });
  return Plan.decode(Plan.encode(planComputation(resolved, options)).finish());
}

/** Runs all tasks of all stages; checks that each reads only what `taskInputs` says, and writes to none of it; answers all blocks of the last stage. */
export async function runPlan(
  plan: Plan,
  variables: readonly SampleVariable[],
  { random = () => 0, tileBytes, persisted }: RunOptions = {},
): Promise<Uint8Array[]> {
  const stages: { block: Uint8Array; sum: number }[][] = [];
  for (const [number, stage] of plan.stages.entries()) {
    const blocks: { block: Uint8Array; sum: number }[] = [];
    stages.push(blocks);
    const order = Array.from({ length: stage.tasks }, (_, task) => ({ task, rank: random() })).sort(
      (a, b) => a.rank - b.rank,
    );
    for (const { task } of order) {
      const stated = new Set(
        taskInputs(plan, number, task).blocks.map((block) => `${block.stage}/${block.task}`),
      );
      const block = await runTask(
        plan,
        number,
        task,
        {
          fetchSource: async (source, ranges, memory) => {
            const { variable, persisted: from } = plan.sources[source];
            if (from !== undefined) {
              const read = async (block: number) => persisted!.get(from.jobId)![block];
              const { dtype, chunkGrid: grid } = variable!;
              const kept = await readBlocks({ dtype: dtype as DataType, grid, read }, ranges, memory);
              return () => kept;
            }
            const array = await sampleReader(variables, plan)(source, ranges);
            return () => array;
          },
          readBlock: async (from, input) => {
            if (!stated.has(`${from}/${input}`))
              throw new Error(`block ${from}/${input} was not stated as an input`);
            const { block, sum } = stages[from][input];
            assert.equal(crc32(block), sum, `block ${from}/${input} was written to`);
            return block;
          },
          readParts: async (from, { tasks, parts }) =>
            joinParts(
              tasks.map((input, at) => {
                if (!stated.has(`${from}/${input}`))
                  throw new Error(`block ${from}/${input} was not stated as an input`);
                return partOf(stages[from][input].block, parts[at]);
              }),
            ),
        },
        { tileBytes },
      );
      blocks[task] = { block, sum: crc32(block) };
    }
  }
  // Others may ask for a block again, as whoever does a task once more.
  for (const { block, sum } of stages.flat()) assert.equal(crc32(block), sum, 'a block was written to');
  return stages[stages.length - 1].map(({ block }) => block);
}

/** Blocks of a result put together. */
export function assemble(plan: Plan, blocks: readonly Uint8Array[]): MaskedArray {
  const { dtype, shape, blockGrid } = plan.result!;
  const count = elementCount(shape);
  const values = dtype === 'string' ? new Array<string>(count) : allocateValues(dtype, count);
  const mask = new Uint8Array(count);
  blocks.forEach((bytes, task) => {
    const [block] = decodeBlock(bytes);
    const place = cellBox(blockGrid, unravel(task, gridShape(blockGrid)));
    const from = { arrayShape: place.shape, origin: place.shape.map(() => 0) };
    const to = { arrayShape: shape, origin: place.origin };
    copyRegion(block.values, from, values, to, place.shape);
    if (block.mask !== undefined) copyRegion(block.mask, from, mask, to, place.shape);
  });
  return { dtype: dtype as MaskedArray['dtype'], shape, values, mask };
}

/** Parses, plans, runs and puts together. */
export async function compute(
  text: string,
  dataset: Dataset,
  variables: readonly SampleVariable[],
  options: RunOptions = {},
): Promise<MaskedArray> {
  const plan = await planText(text, dataset, options);
  return assemble(plan, await runPlan(plan, variables, options));
}
