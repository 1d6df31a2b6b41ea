import type { IndexRange } from '@hyperslab/array';
import { type Plan, StageKind } from '@hyperslab/proto/expression';
import { alignedParts, blocksOf, leavesOf, sourceRanges } from './leaves.ts';
import { evaluatedNodes, inlineSource, preparePlan, stageOf } from './prepared-plan.ts';
import { blocksTouched } from './read-blocks.ts';
import { combinedTasks, taskBox } from './task-box.ts';

/** What a task reads. */
export interface TaskInputs {
  /** Parts of sources, by number in the plan; those whose values the plan carries are not listed. */
  sources: { source: number; ranges: IndexRange[] }[];
  /** Blocks of earlier stages. */
  blocks: { stage: number; task: number }[];
  /** Blocks that other jobs have persisted. */
  persisted: { jobId: string; block: number }[];
}

/** What a task of a computation reads, for placing it near its inputs and fetching them. */
export function taskInputs(plan: Plan, stageNumber: number, task: number): TaskInputs {
  const prepared = preparePlan(plan);
  const stage = stageOf(prepared, stageNumber, task);
  if (stage.kind === StageKind.STAGE_KIND_REDUCE_COMBINE) {
    const blocks = combinedTasks(stage, task).map((input) => ({ stage: stage.inputs[0], task: input }));
    return { sources: [], blocks, persisted: [] };
  }
  const inputs: TaskInputs = { sources: [], blocks: [], persisted: [] };
  const parts = alignedParts(plan.nodes, evaluatedNodes(prepared, stage), taskBox(prepared, stage, task));
  for (const leaf of leavesOf(plan.nodes, parts)) {
    const { kind } = plan.nodes[leaf.node];
    if (kind?.$case === 'read') {
      const { source } = kind.value;
      const ranges = sourceRanges(kind.value, leaf.box);
      const { variable, persisted } = plan.sources[source];
      if (persisted !== undefined) {
        const { jobId } = persisted;
        for (const block of blocksTouched(variable!.chunkGrid, ranges))
          inputs.persisted.push({ jobId, block });
        continue;
      }
      const carried = inlineSource(prepared, source) !== undefined;
      if (!carried) inputs.sources.push({ source, ranges });
    } else {
      const { stage: from, tasks } = blocksOf(prepared, leaf);
      for (const input of tasks) inputs.blocks.push({ stage: from, task: input });
    }
  }
  return inputs;
}
