import type { ClusterPoint } from '@hyperslab/proto/scheduler';
import type { SeriesPoint } from './point-ring.ts';
import { Series } from './series.ts';

/** What is counted of the cluster. */
const counted = [
  'tasksDone',
  'tasksFailed',
  'cpuSeconds',
  'storageBytes',
  'storageRequests',
  'storageErrors',
  'storageSeconds',
  'networkSent',
  'networkReceived',
] as const;

/** What goes up and down in it. */
const means = [
  'tasksQueued',
  'tasksRunning',
  'queuedSlotSeconds',
  'workers',
  'wantedWorkers',
  'slots',
  'rss',
  'heapBytes',
  'blockBytes',
  'cacheBytes',
  'bufferBytes',
  'spilledBytes',
  'heldBytes',
  'jobsRunning',
] as const;

const fields = [...counted, ...means];

/** Name of something that is counted of the cluster. */
export type Counted = (typeof counted)[number];
/** What goes up and down in the cluster, at one time. */
export type Levels = Record<(typeof means)[number], number>;

/** 10 minutes, 2 hours and 24 hours: half a megabyte. */
export const clusterResolutions = [
  { seconds: 1, kept: 600 },
  { seconds: 10, kept: 720 },
  { seconds: 60, kept: 1440 },
] as const;

const places = Object.fromEntries(counted.map((name, place) => [name, place])) as Record<Counted, number>;

/** The past of the cluster. What happens is counted as it happens; at the end of each second it becomes a point. */
export class ClusterSeries {
  readonly #series = new Series({
    counted: counted.length,
    means: means.length,
    resolutions: clusterResolutions,
    precision: 'double',
  });
  readonly #values = new Float64Array(fields.length);

  count(what: Counted, by = 1): void {
    this.#values[places[what]] += by;
  }

  /** The second that began at `startMs` is over; `levels` are those of its end. */
  endSecond(startMs: number, levels: Levels): void {
    means.forEach((name, at) => {
      this.#values[counted.length + at] = levels[name];
    });
    this.#series.add(startMs, this.#values);
    this.#values.fill(0);
  }

  advance(nowMs: number): void {
    this.#series.advance(nowMs);
  }

  points(seconds: number) {
    return this.#series.points(seconds);
  }
}

/** A point as it is sent. */
export function clusterPoint({ timeMs, values }: SeriesPoint): ClusterPoint {
  const named = Object.fromEntries(fields.map((name, at) => [name, values[at]]));
  return { time: new Date(timeMs), ...(named as Omit<ClusterPoint, 'time'>) };
}
