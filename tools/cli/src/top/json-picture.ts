import {
  type ClusterEvent,
  type ClusterPoint,
  type ClusterUpdate,
  clusterEventKindToJSON,
  type ScalingDecision,
} from '@hyperslab/proto/scheduler';
import { jsonJob } from '../output/json-job.ts';
import type { ClusterPicture, SeenWorker } from './cluster-picture.ts';
import { latestFirst } from './job-rows.ts';
import { memoryKinds } from './memory-kinds.ts';

/** What came with an update, besides what the picture has. */
export type News = Pick<ClusterUpdate, 'points' | 'events'>;

/** The cluster as `top --json` prints it: as it is, and the points and events that are new. */
export function jsonPicture(
  { timeMs, epoch, totals, workers, jobs, resolutionSeconds, scaling }: ClusterPicture,
  news: News,
) {
  return {
    time: new Date(timeMs).toISOString(),
    epoch,
    totals: snakeCase(totals),
    workers: [...workers.values()].map(jsonWorker),
    jobs: latestFirst(jobs.values()).map(jsonJob),
    resolution_seconds: resolutionSeconds,
    points: news.points.map(jsonPoint),
    events: news.events.map(jsonEvent),
    scaling: scaling === undefined ? null : jsonScaling(scaling),
  };
}

function jsonWorker({ info, rates }: SeenWorker) {
  const { workerId, address, slots, running, draining, kernelVersion, connected, report } = info;
  return {
    id: workerId,
    address,
    slots,
    running,
    draining,
    kernel_version: kernelVersion,
    connected: connected?.toISOString() ?? null,
    memory:
      report === undefined ? null : { rss: report.rss, limit: report.memoryLimit, ...memoryKinds(report) },
    spilled_bytes: report?.spilledBytes ?? 0,
    threads: report?.threads ?? 0,
    threads_busy: report?.threadsBusy ?? 0,
    tasks_waiting: report?.tasksWaiting ?? 0,
    event_loop_delay_seconds: report?.eventLoopDelaySeconds ?? 0,
    storage_errors: report?.storageErrors ?? 0,
    rates:
      rates === undefined
        ? null
        : {
            cores: rates.cores,
            network_sent: rates.networkSent,
            network_received: rates.networkReceived,
            storage_bytes: rates.storageBytes,
          },
  };
}

function jsonPoint({ time, ...values }: ClusterPoint): Record<string, number | string | null> {
  return { time: time?.toISOString() ?? null, ...snakeCase(values) };
}

function jsonEvent({
  number,
  time,
  kind,
  message,
  workerId,
  jobId,
  blocks,
  published,
  scaling,
}: ClusterEvent) {
  return {
    number,
    time: time?.toISOString() ?? null,
    kind: clusterEventKindToJSON(kind).replace('CLUSTER_EVENT_KIND_', '').toLowerCase(),
    message,
    worker: workerId || null,
    job: jobId || null,
    blocks,
    published: published || null,
    scaling: scaling === undefined ? null : jsonScaling(scaling),
  };
}

function jsonScaling({ time, current, wanted, reason }: ScalingDecision) {
  return { time: time?.toISOString() ?? null, current, wanted, reason };
}

/** Fields of a message under the names that the .proto gives them. */
function snakeCase(message: object): Record<string, number> {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
