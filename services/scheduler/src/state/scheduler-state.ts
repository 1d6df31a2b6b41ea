import type { Plan } from '@hyperslab/proto/expression';
import type { LeftOut } from '@hyperslab/proto/merge';
import type { JobError, WorkerReport } from '@hyperslab/proto/scheduler';
import type { Account } from './account.ts';
import type { Drain, Move } from './drain-run.ts';
import type { KeptBlocks } from './expected-jobs.ts';
import type { OpenWorkers } from './open-workers.ts';
import type { TaskTable } from './task-table.ts';
import type { CallersTurns } from './turns.ts';

export type JobKind = 'compute' | 'persist' | 'publish' | 'inspect';

/**
 * Where a job stands.
 * - running: tasks are running or wait for room
 * - committing: the tasks of a publish or inspection are done, and the dataset is being fetched and committed
 * - succeeded: the result can be read, or the version is visible
 * - failed, cancelled: it ended otherwise
 */
export type JobPhase = 'running' | 'committing' | 'succeeded' | 'failed' | 'cancelled';

/** What a job is, from its acceptance on. */
export interface JobDefinition {
  id: string;
  kind: JobKind;
  caller: string;
  /** High ones come before others of their caller, low ones after those of all. */
  priority: 'high' | 'normal' | 'low';
  /** In words. */
  description: string;
  plan: Plan;
  /** Datasets as they were named, with the version that each meant. */
  resolvedDatasets: Record<string, string>;
  /** Hash of the plan. */
  fingerprint: string;
  /** Bytes of the plan, encoded. */
  planBytes: number;
  /** The submit in its trace, for tasks to be steps of it; empty when nobody records it. */
  traceparent: string;
  submittedMs: number;
  /** It was accepted by an earlier process, which may have committed its dataset. */
  resumed: boolean;
  /** Tasks are handed out from then on: after a restart, workers first get time to say what they hold. */
  startAfterMs: number;
}

export interface StageRun {
  /** Absent until it is known how many tasks the stage has, and when the job's blocks are given back. */
  tasks?: TaskTable;
  /** Stages that read this one's blocks. */
  consumers: number[];
  /** Where its tasks are best run: numbers of tasks by ordinal of the worker, those to come first last. Absent before its first task is handed out. */
  places?: Map<number, number[]>;
  /** How long its tasks may wait to be run there rather than anywhere, seconds; absent where that is no matter. */
  patienceSeconds?: number;
}

export interface JobRun extends JobDefinition {
  phase: JobPhase;
  /** When this process took it up. */
  acceptedMs: number;
  /** The latest listing of a publish's objects; empty before it. */
  listing: string;
  /** None of a borrower. */
  stages: StageRun[];
  /** The oldest version of the protocol whose workers can compute its plan. */
  protocolVersion: number;
  /** An equal computation, whose blocks are this one's result. */
  lender?: JobRun;
  /** Equal computations whose result are this one's blocks, until they are released. */
  borrowers: Set<JobRun>;
  /** Jobs whose results its plan reads: persisted ones, or one that was there and that its own is a part of. */
  inputJobs: readonly string[];
  /** Those of them that are there. */
  reads: Set<JobRun>;
  /** Jobs whose tasks read its result. */
  readers: Set<JobRun>;
  /** Version of the kernels that made all of its blocks; absent before its first task is handed out. */
  kernelVersion?: string;
  /** Workers that have its plan: only they can have tasks and blocks of it. */
  workers: Set<WorkerRun>;
  /** Its caller has given the result back: only borrowers may read it. */
  returned: boolean;
  /** Nobody may read the result any more; workers have forgotten the job. */
  released: boolean;
  /** The last few things that went wrong on the way. */
  story: string[];
  error?: JobError;
  endedMs?: number;
  /** When somebody last read the result. */
  readMs: number;
  published: string;
  cubes: number;
  /** Files that its publish did not take; absent before its end, and after a restart. */
  leftOut?: readonly LeftOut[];
  tasksStarted: number;
  /** How long its tasks take: a moving average, seconds; absent before the first is done. */
  taskSeconds?: number;
  /** How much of a slot one of its tasks is taken to fill: 1, or less when they are short. */
  taskShare: number;
  /** How many tasks of how many were done when the tables went. */
  lastProgress: { tasks: number; done: number };
}

export interface WorkerRun {
  id: string;
  /** Number of the worker in task tables; never used twice. */
  ordinal: number;
  /** Of its ChunkService, host:port. */
  address: string;
  slots: number;
  /** Version of its kernels. */
  kernelVersion: string;
  /** What it speaks, of the protocol. */
  protocolVersion: number;
  /** It is about to go and gets no more tasks. */
  draining: boolean;
  /** How far others have its blocks; absent while it stays, and for one that does not wait for that. */
  drain?: Drain;
  /** What it is asked to take over from another one. */
  taking?: Move;
  /** Tasks that it has. */
  running: Account;
  report?: WorkerReport;
  /** Bytes that it took over since that report. */
  takenBytes: number;
  connectedMs: number;
  seenMs: number;
}

/** What may be set. */
export interface SchedulerLimits {
  /** How long a result that nobody reads is kept, milliseconds. */
  resultTtlMs: number;
  /** How much is kept of results that their callers gave back, for equal requests: blocks and plans, bytes. */
  keptResultBytes: number;
  /** How long after it was last asked for, milliseconds. */
  keptResultMs: number;
  /** How long a worker may be silent before it counts as gone, milliseconds. */
  silenceMs: number;
  /** How many ended jobs are remembered. */
  rememberedJobs: number;
}

/** Everything that transitions read and write. */
export interface SchedulerState {
  limits: SchedulerLimits;
  startedMs: number;
  /** In order of acceptance. */
  jobs: Map<string, JobRun>;
  /** Computations whose blocks equal requests may have, by fingerprint: the latest of each. */
  lenders: Map<string, JobRun>;
  /** Results that were given back and that nobody has borrowed; what was not asked for for longest first. */
  kept: Set<JobRun>;
  /** Jobs from before a restart that are being planned again, and what workers hold of them. */
  expected: Map<string, KeptBlocks[]>;
  workers: Map<string, WorkerRun>;
  workersByOrdinal: Map<number, WorkerRun>;
  nextOrdinal: number;
  /** Workers that take tasks, by the version of their kernels. */
  open: Map<string, OpenWorkers>;
  /** Workers that drain and are not told yet that they may go. */
  drains: Map<WorkerRun, Drain>;
  /** When the latest worker of each version of the kernels went. */
  kernelsLeftMs: Map<string, number>;
  /** When the latest worker of each version of the kernels was lost: it went without having said so, and may be back. */
  kernelsLostMs: Map<string, number>;
  /** How many tasks of a caller run, of those who have any; low jobs don't count. */
  runningOf: Map<string, number>;
  /** Jobs with tasks that wait, by caller; both in the order of whose turn is next. */
  turns: Map<string, CallersTurns>;
}

export function emptyState(limits: SchedulerLimits, startedMs: number): SchedulerState {
  return {
    limits,
    startedMs,
    jobs: new Map(),
    lenders: new Map(),
    kept: new Set(),
    expected: new Map(),
    workers: new Map(),
    workersByOrdinal: new Map(),
    nextOrdinal: 0,
    open: new Map(),
    drains: new Map(),
    kernelsLeftMs: new Map(),
    kernelsLostMs: new Map(),
    runningOf: new Map(),
    turns: new Map(),
  };
}

export function hasEnded(job: JobRun): boolean {
  return job.phase === 'succeeded' || job.phase === 'failed' || job.phase === 'cancelled';
}
