import type { RunDone, TaskRun } from '@hyperslab/proto/scheduler';

/** What is to be done about an event, in order. */
export type Effect =
  /** Send a worker the plan of a job, before its first task. */
  | { type: 'SendPlan'; workerId: string; jobId: string }
  /** Have a worker run tasks. */
  | { type: 'SendTasks'; workerId: string; runs: TaskRun[] }
  /** Tasks of a report of several counted: for those who tell people. */
  | { type: 'TasksCounted'; workerId: string; run: TaskRun; sizes: RunDone['sizes']; seconds: number }
  /** Have a worker forget a job, or only blocks of some of its stages. */
  | { type: 'SendForget'; workerId: string; jobId: string; stages: number[] }
  /** Have a worker fetch blocks from one that drains, and hold them. */
  | {
      type: 'SendTakeBlocks';
      workerId: string;
      from: string;
      jobId: string;
      stage: number;
      tasks: number[];
      listing: string;
    }
  /** Tell a worker that it may go: others hold this many of its blocks; so many that are needed go with it. */
  | { type: 'SendDrained'; workerId: string; handedOver: number; left: number }
  /** End the connection of a worker that fell silent. */
  | { type: 'DropWorker'; workerId: string }
  /** Fetch the dataset that a publish or an inspection made; commit that of a publish. */
  | { type: 'FetchDataset'; jobId: string }
  /** A job ended: journal it. */
  | { type: 'JobEnded'; jobId: string }
  /** Its result is no longer kept: journal it. */
  | { type: 'JobReleased'; jobId: string }
  /** It is no longer remembered. */
  | { type: 'JobForgotten'; jobId: string }
  /** Something that watchers of the job or readers of its blocks may wait for has changed. */
  | { type: 'JobChanged'; jobId: string };
