import type { LeftOut } from '@hyperslab/proto/merge';
import type {
  HeldBlocks,
  JobError,
  RunDone,
  TaskId,
  TaskRun,
  WorkerReport,
} from '@hyperslab/proto/scheduler';
import type { JobDefinition, JobPhase } from './scheduler-state.ts';

/** A job from before a restart that had ended and whose result is not kept. */
export interface EndedJob extends JobDefinition {
  phase: Extract<JobPhase, 'succeeded' | 'failed' | 'cancelled'>;
  error?: JobError;
  published: string;
  cubes: number;
  endedMs: number;
}

/** What can happen to the scheduler. */
export type SchedulerEvent =
  /** A job from before a restart is being planned again. */
  | { type: 'JobExpected'; jobId: string }
  | { type: 'JobAccepted'; job: JobDefinition }
  | { type: 'JobRestored'; job: EndedJob }
  | {
      type: 'WorkerJoined';
      workerId: string;
      address: string;
      slots: number;
      protocolVersion: number;
      kernelVersion: string;
      held: readonly HeldBlocks[];
    }
  | { type: 'WorkerReported'; workerId: string; report: WorkerReport }
  | { type: 'WorkerDraining'; workerId: string }
  | { type: 'WorkerLeft'; workerId: string }
  | {
      type: 'BlocksTaken';
      workerId: string;
      from: string;
      jobId: string;
      stage: number;
      tasks: readonly number[];
    }
  | { type: 'TaskDone'; workerId: string; task: TaskId; bytes: number; objects: number; runMs?: number }
  | { type: 'TasksEnded'; workerId: string; done: readonly RunDone[]; returned: readonly TaskRun[] }
  | {
      type: 'TaskFailed';
      workerId: string;
      task: TaskId;
      error: JobError;
      retryable: boolean;
      runMs?: number;
    }
  | {
      type: 'BlocksLost';
      workerId: string;
      jobId: string;
      stage: number;
      tasks: readonly number[];
      listing: string;
    }
  | { type: 'CommitDone'; jobId: string; published: string; cubes: number; leftOut: readonly LeftOut[] }
  | { type: 'JobFailed'; jobId: string; error: JobError }
  | { type: 'CancelRequested'; jobId: string; remark?: JobError }
  | { type: 'ReleaseRequested'; jobId: string }
  | { type: 'ResultRead'; jobId: string }
  | { type: 'Tick' };
