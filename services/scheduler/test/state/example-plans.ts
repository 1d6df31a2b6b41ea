import { regularRuns } from '@hyperslab/array';
import { Plan, StageKind } from '@hyperslab/proto/expression';
import type { JobError } from '@hyperslab/proto/scheduler';
import type { JobDefinition, JobKind, SchedulerLimits } from '../../src/state/scheduler-state.ts';

/** Nothing is kept that was given back. */
export const limits: SchedulerLimits = {
  resultTtlMs: 600_000,
  keptResultBytes: 0,
  keptResultMs: 60_000,
  silenceMs: 10_000,
  rememberedJobs: 100,
};

export const oops: JobError = { code: 14, reason: 'STORAGE_UNAVAILABLE', message: 'oops', details: {} };

/** A plan of evaluate-like stages with these numbers of tasks, each reading the one before. */
export function chain(...tasks: number[]): Plan {
  return Plan.fromPartial({
    stages: tasks.map((count, stage) => ({
      kind: StageKind.STAGE_KIND_EVALUATE,
      tasks: count,
      inputs: stage === 0 ? [] : [stage - 1],
    })),
  });
}

/**
 * A plan of as many stages as another one that reads what a job has persisted, in so many blocks, in its first: each task its part of all, in order.
 */
export function reading(plan: Plan, jobId: string, blocks: number): Plan {
  const [{ tasks }] = plan.stages;
  const shape = [tasks * blocks];
  const variable = { dtype: 'float32', dimensions: ['x'], shape, chunkGrid: [regularRuns(shape[0], tasks)] };
  const ranges = [{ start: 0, count: shape[0], step: 1 }];
  return Plan.fromPartial({
    sources: [{ variable, persisted: { jobId } }],
    nodes: [{ dtype: 'float32', dimensions: ['x'], shape, kind: { $case: 'read', value: { ranges } } }],
    stages: plan.stages.map((stage) => ({ ...stage, blockGrid: [regularRuns(shape[0], blocks)] })),
  });
}

/** A plan whose first stage exchanges what it reads. */
export function exchanging(plan: Plan): Plan {
  const [node] = plan.nodes;
  const [first, ...others] = plan.stages;
  return Plan.fromPartial({
    ...plan,
    nodes: [node, { ...node, kind: { $case: 'exchange', value: { input: 0 } } }],
    stages: [{ ...first, kind: StageKind.STAGE_KIND_EXCHANGE, node: 1 }, ...others],
  });
}

/** A plan of one stage whose tasks each read a chunk of a dataset, from one on. */
export function readingChunks(tasks: number, first = 0): Plan {
  const shape = [tasks];
  const variable = {
    name: 't',
    dtype: 'float32',
    dimensions: ['x'],
    shape: [1000],
    chunkGrid: [regularRuns(1000, 1)],
  };
  const ranges = [{ start: first, count: tasks, step: 1 }];
  return Plan.fromPartial({
    sources: [{ variable, manifest: { sha256: 'ab', size: 1 } }],
    nodes: [{ dtype: 'float32', dimensions: ['x'], shape, kind: { $case: 'read', value: { ranges } } }],
    stages: [{ kind: StageKind.STAGE_KIND_EVALUATE, tasks, blockGrid: [regularRuns(tasks, 1)] }],
  });
}

/** The plan of a publish. */
export function publishPlan(objectsPerTask: number): Plan {
  return Plan.fromPartial({
    stages: [
      { kind: StageKind.STAGE_KIND_EXPAND, tasks: 1 },
      { kind: StageKind.STAGE_KIND_INDEX, inputs: [0] },
      { kind: StageKind.STAGE_KIND_AGGREGATE, tasks: 1, inputs: [1, 0] },
    ],
    publish: { name: 'a', objectsPerTask },
  });
}

export function definition(
  id: string,
  kind: JobKind,
  plan: Plan,
  caller = 'someone',
  fingerprint = `plan of ${id}`,
): JobDefinition {
  return {
    id,
    kind,
    caller,
    priority: 'normal',
    description: id,
    plan,
    resolvedDatasets: {},
    fingerprint,
    planBytes: 10,
    traceparent: '',
    resumed: false,
    submittedMs: 0,
    startAfterMs: 0,
  };
}
