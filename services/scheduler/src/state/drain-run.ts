import type { JobRun, WorkerRun } from './scheduler-state.ts';
import type { TaskTable } from './task-table.ts';

/** Blocks of one stage that a worker holds and that somebody will read. */
export interface Parcel {
  job: JobRun;
  stage: number;
  /** Theirs: another table of the stage is of other blocks. */
  table: TaskTable;
  tasks: number[];
}

/** Blocks on their way from a worker that drains to another one. */
export interface Move extends Parcel {
  from: WorkerRun;
  to: WorkerRun;
  sinceMs: number;
}

/** How far a worker that drains has got rid of what is needed of it. */
export interface Drain {
  sinceMs: number;
  /** What was held when it was last looked at has been listed. */
  listed: boolean;
  /** What nobody was asked to take yet, the most precious last. */
  todo: Parcel[];
  moves: Set<Move>;
  /** Workers that took nothing of what they were asked to, lately. */
  refused: Set<WorkerRun>;
  /** When the latest of them did. */
  refusedMs: number;
  /** How often they were forgiven. */
  forgiven: number;
  /** Blocks that others hold now. */
  handedOver: number;
}
