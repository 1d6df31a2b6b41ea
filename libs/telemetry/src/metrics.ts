import { exposition } from './prometheus-text.ts';

/** What distinguishes the series of one metric. Values must be few: methods and codes, never names or ids. */
export type Labels = Record<string, string>;

/** Something that only grows. */
export interface Counter {
  increment(by?: number, labels?: Labels): void;
}

/** Something that goes up and down. */
export interface Gauge {
  set(value: number, labels?: Labels): void;
  add(by: number, labels?: Labels): void;
  /** Asks for the value whenever metrics are read, instead of being told. */
  observe(read: () => number, labels?: Labels): void;
}

/** A distribution. */
export interface Histogram {
  record(value: number, labels?: Labels): void;
}

/** All metrics of a process. Asking for a name again gives the same metric. */
export interface Metrics {
  counter(name: string, help: string): Counter;
  gauge(name: string, help: string): Gauge;
  /** `buckets` are ascending upper bounds; default: 1 ms to 60 s. */
  histogram(name: string, help: string, buckets?: readonly number[]): Histogram;
  /** All of it in the Prometheus text format 0.0.4. */
  text(): string;
  /** All of it, for other formats. */
  families(): MetricFamily[];
}

/** One metric with its series. */
export interface MetricFamily {
  name: string;
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  /** Asks what is observed. */
  series(): MetricSeries[];
}

/** What one series of a metric is now. */
export interface MetricSeries {
  labels: Labels;
  value: number | Distribution;
}

/** What a histogram has seen. */
export interface Distribution {
  /** Upper bounds, ascending. */
  buckets: readonly number[];
  /** How many values did not pass each bound. */
  counts: number[];
  /** How many values there were, and their sum. */
  count: number;
  sum: number;
}

const secondsBuckets = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60];

interface Family extends MetricFamily {
  metric: unknown;
}

/** An empty set of metrics. */
export function createMetrics(): Metrics {
  const families = new Map<string, Family>();

  function family<T>(
    name: string,
    help: string,
    kind: Family['kind'],
    make: () => { metric: T; series: Family['series'] },
  ): T {
    const known = families.get(name);
    if (known && known.kind !== kind) throw new Error(`metric ${name} is a ${known.kind}, not a ${kind}`);
    const made = known ?? { name, kind, help, ...make() };
    families.set(name, made);
    return made.metric as T;
  }

  return {
    counter: (name, help) => family(name, help, 'counter', createCounter),
    gauge: (name, help) => family(name, help, 'gauge', createGauge),
    histogram: (name, help, buckets = secondsBuckets) =>
      family(name, help, 'histogram', () => createHistogram(buckets)),
    text: () => exposition(families.values()),
    families: () => [...families.values()],
  };
}

/** Same labels in another order are the same series. */
function seriesKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function createSeries<T>(initial: () => T) {
  const series = new Map<string, { labels: Labels; value: T }>();
  return {
    all: () => [...series.values()],
    at(labels: Labels = {}) {
      const key = seriesKey(labels);
      const known = series.get(key);
      if (known) return known;
      const added = { labels, value: initial() };
      series.set(key, added);
      return added;
    },
  };
}

function createCounter() {
  const series = createSeries(() => 0);
  const metric: Counter = {
    increment(by = 1, labels) {
      series.at(labels).value += by;
    },
  };
  return { metric, series: () => series.all().map(({ labels, value }) => ({ labels, value })) };
}

function createGauge() {
  const series = createSeries<number | (() => number)>(() => 0);
  const current = (value: number | (() => number)) => (typeof value === 'number' ? value : value());
  const metric: Gauge = {
    set(value, labels) {
      series.at(labels).value = value;
    },
    add(by, labels) {
      const entry = series.at(labels);
      entry.value = current(entry.value) + by;
    },
    observe(read, labels) {
      series.at(labels).value = read;
    },
  };
  return {
    metric,
    series: () => series.all().map(({ labels, value }) => ({ labels, value: current(value) })),
  };
}

function createHistogram(buckets: readonly number[]) {
  const series = createSeries(() => ({ counts: buckets.map(() => 0), count: 0, sum: 0 }));
  const metric: Histogram = {
    record(value, labels) {
      const { value: state } = series.at(labels);
      state.count++;
      state.sum += value;
      // Buckets are cumulative: a value counts in each whose bound it does not pass.
      for (const [index, bound] of buckets.entries()) if (value <= bound) state.counts[index]++;
    },
  };
  const all = () =>
    series.all().map(({ labels, value }) => ({
      labels,
      value: { buckets, ...value, counts: [...value.counts] },
    }));
  return { metric, series: all };
}
