/**
 * What the page is told of the cluster, in JSON. Times are milliseconds since 1970, sizes bytes. The server and the page
 * share these types and nothing else.
 */
export interface ClusterMessage {
  /** The page forgets what it had: this is all there is. */
  complete: boolean;
  /** Why nothing newer is known; empty while the scheduler tells. */
  problem: string;
  /** When this was so. */
  time: number;
  totals?: Totals;
  workers: WorkerView[];
  workersGone: string[];
  jobs: JobView[];
  jobsGone: string[];
  /** What each point covers, seconds. */
  resolution: number;
  points: PointView[];
  tasks: TaskView[];
  /** Finished tasks that are not in `tasks`. */
  tasksLeftOut: number;
  events: EventView[];
  scaling?: ScalingView;
}

/** The whole cluster, now. */
export interface Totals {
  workers: number;
  wantedWorkers: number;
  slots: number;
  tasksQueued: number;
  tasksRunning: number;
  queuedSlotSeconds: number;
  heldBytes: number;
  jobsRunning: number;
  tasksDone: number;
  tasksFailed: number;
}

/** A worker: its last report, and what it did a second since the one before. */
export interface WorkerView {
  id: string;
  address: string;
  slots: number;
  running: number;
  waiting: number;
  draining: boolean;
  kernel: string;
  connected: number;
  threads: number;
  memory: {
    limit: number;
    rss: number;
    heap: number;
    blocks: number;
    cache: number;
    buffers: number;
    spilled: number;
  };
  loopDelaySeconds: number;
  rates: WorkerRates;
}

/** Cores, and bytes or reads a second. */
export interface WorkerRates {
  cpu: number;
  storageBytes: number;
  storageReads: number;
  sent: number;
  received: number;
}

/** A job. */
export interface JobView {
  id: string;
  kind: string;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  description: string;
  caller: string;
  submitted: number;
  /** 0 until it has ended. */
  ended: number;
  tasks: number;
  tasksDone: number;
  tasksRunning: number;
  phase: string;
  /** Why it failed. */
  error: string;
  published: string;
  resultBytes: number;
}

/** The cluster in an interval of the past; what is counted is a second's share. */
export interface PointView {
  time: number;
  tasksDone: number;
  tasksFailed: number;
  cpu: number;
  storageBytes: number;
  storageReads: number;
  storageErrors: number;
  /** Mean time of a read, seconds; 0 without any. */
  storageSeconds: number;
  sent: number;
  received: number;
  tasksQueued: number;
  tasksRunning: number;
  queuedSlotSeconds: number;
  workers: number;
  wantedWorkers: number;
  slots: number;
  rss: number;
  heap: number;
  blocks: number;
  cache: number;
  buffers: number;
  spilled: number;
}

/** A task that ended. */
export interface TaskView {
  number: number;
  worker: string;
  job: string;
  kind: string;
  task: number;
  attempt: number;
  start: number;
  end: number;
  failed: boolean;
  bytes: number;
  reason: string;
}

/** Something that happened. */
export interface EventView {
  number: number;
  time: number;
  kind: string;
  message: string;
  published: string;
}

/** A decision of the autoscaler. */
export interface ScalingView {
  time: number;
  current: number;
  wanted: number;
  reason: string;
}
