import { StageKind, stageKindToJSON } from '@hyperslab/proto/expression';
import {
  type ClusterEvent,
  type ClusterPoint,
  type ClusterTotals,
  clusterEventKindToJSON,
  type Job,
  JobState,
  jobKindToJSON,
  type ScalingDecision,
  TaskOutcome,
  type TaskRecord,
  type WorkerInfo,
} from '@hyperslab/proto/scheduler';
import type {
  EventView,
  JobView,
  PointView,
  ScalingView,
  TaskView,
  Totals,
  WorkerRates,
  WorkerView,
} from './messages.ts';

const jobStates: Partial<Record<JobState, JobView['state']>> = {
  [JobState.JOB_STATE_RUNNING]: 'running',
  [JobState.JOB_STATE_SUCCEEDED]: 'succeeded',
  [JobState.JOB_STATE_FAILED]: 'failed',
  [JobState.JOB_STATE_CANCELLED]: 'cancelled',
};
/** An expression may have 65,536 characters; a line of a table shows the first of them. */
const longestDescription = 300;
/** What enumerations are called without the prefix that protobuf wants: "reduce partial". */
const word = (name: string, prefix: string) => name.slice(prefix.length).toLowerCase().replaceAll('_', ' ');
/** A line on a screen shows no more digits. */
const short = (value: number) => Number(value.toPrecision(4));
const millis = (date: Date | undefined) => date?.getTime() ?? 0;

/** The totals as the page has them. */
export function totalsView(totals: ClusterTotals): Totals {
  return { ...totals };
}

/** A worker as the page has it. */
export function workerView(worker: WorkerInfo, rates: WorkerRates): WorkerView {
  const { workerId, address, slots, running, draining, kernelVersion, connected, report } = worker;
  return {
    id: workerId,
    address,
    slots,
    running,
    waiting: report?.tasksWaiting ?? 0,
    draining,
    kernel: kernelVersion,
    connected: millis(connected),
    threads: report?.threads ?? 0,
    memory: {
      limit: report?.memoryLimit ?? 0,
      rss: report?.rss ?? 0,
      heap: report?.heapBytes ?? 0,
      blocks: report?.blockBytes ?? 0,
      cache: report?.cacheBytes ?? 0,
      buffers: report?.bufferBytes ?? 0,
      spilled: report?.spilledBytes ?? 0,
    },
    loopDelaySeconds: report?.eventLoopDelaySeconds ?? 0,
    rates,
  };
}

/** A job as the page has it. */
export function jobView(job: Job): JobView {
  const { jobId, kind, state, description, caller, submitted, ended, error, phase, published } = job;
  const { tasks, tasksDone, tasksRunning, resultBytes } = job;
  return {
    id: jobId,
    kind: word(jobKindToJSON(kind), 'JOB_KIND_'),
    state: jobStates[state] ?? 'queued',
    description:
      description.length > longestDescription ? `${description.slice(0, longestDescription)}…` : description,
    caller,
    submitted: millis(submitted),
    ended: millis(ended),
    tasks,
    tasksDone,
    tasksRunning,
    phase,
    error: error?.message ?? '',
    published,
    resultBytes,
  };
}

/** A point as the page has it. */
export function pointView(point: ClusterPoint, resolutionSeconds: number): PointView {
  const share = (count: number) => short(count / resolutionSeconds);
  const { tasksQueued, tasksRunning, queuedSlotSeconds, workers, wantedWorkers, slots, rss } = point;
  return {
    time: millis(point.time),
    tasksDone: share(point.tasksDone),
    tasksFailed: share(point.tasksFailed),
    cpu: share(point.cpuSeconds),
    storageBytes: share(point.storageBytes),
    storageReads: share(point.storageRequests),
    storageErrors: share(point.storageErrors),
    storageSeconds: point.storageRequests > 0 ? short(point.storageSeconds / point.storageRequests) : 0,
    sent: share(point.networkSent),
    received: share(point.networkReceived),
    tasksQueued: short(tasksQueued),
    tasksRunning: short(tasksRunning),
    queuedSlotSeconds: short(queuedSlotSeconds),
    workers: short(workers),
    wantedWorkers: short(wantedWorkers),
    slots: short(slots),
    rss: short(rss),
    heap: short(point.heapBytes),
    blocks: short(point.blockBytes),
    cache: short(point.cacheBytes),
    buffers: short(point.bufferBytes),
    spilled: short(point.spilledBytes),
  };
}

/** A finished task as the page has it. */
export function taskView(record: TaskRecord): TaskView {
  const { number, workerId, jobId, stageKind, task, attempt, start, end, outcome, bytes, reason } = record;
  return {
    number,
    worker: workerId,
    job: jobId,
    kind:
      stageKind === StageKind.STAGE_KIND_UNSPECIFIED ? '' : word(stageKindToJSON(stageKind), 'STAGE_KIND_'),
    task,
    attempt,
    start: millis(start),
    end: millis(end),
    failed: outcome === TaskOutcome.TASK_OUTCOME_FAILED,
    bytes,
    reason,
  };
}

/** An event as the page has it. */
export function eventView({ number, time, kind, message, published }: ClusterEvent): EventView {
  const name = word(clusterEventKindToJSON(kind), 'CLUSTER_EVENT_KIND_');
  return { number, time: millis(time), kind: name, message, published };
}

/** A decision as the page has it. */
export function scalingView({ time, current, wanted, reason }: ScalingDecision): ScalingView {
  return { time: millis(time), current, wanted, reason };
}
