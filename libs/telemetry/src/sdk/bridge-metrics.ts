import { type HrTime, ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { Distribution, MetricFamily, Metrics } from '../metrics.ts';
import { metricNames, metricShapes } from '../names.ts';

const units = new Map<string, string>(
  Object.entries(metricNames).map(([key, [name]]) => [
    name,
    metricShapes[key as keyof typeof metricNames].unit,
  ]),
);

/** Our metrics as an OpenTelemetry reader takes them: the same series that `/metrics` shows, asked for when they are sent. */
export function bridgeMetrics(metrics: Metrics): MetricProducer {
  const startTime = timeOf(Date.now());
  return {
    async collect(): Promise<CollectionResult> {
      const endTime = timeOf(Date.now());
      const errors: unknown[] = [];
      const data = metrics.families().flatMap((family) => {
        try {
          return [metricData(family, startTime, endTime)];
        } catch (error) {
          // What is observed may be gone already; the other metrics are not.
          errors.push(error);
          return [];
        }
      });
      const scopeMetrics = [{ scope: { name: 'hyperslab' }, metrics: data }];
      // The reader puts its own resource in place of this one.
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors };
    },
  };
}

function metricData(family: MetricFamily, startTime: HrTime, endTime: HrTime): MetricData {
  const { name, kind, help } = family;
  const descriptor = { name, description: help, unit: units.get(name) ?? '1', valueType: ValueType.DOUBLE };
  const common = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  const points = family
    .series()
    .map(({ labels, value }) => ({ startTime, endTime, attributes: labels, value }));
  if (kind === 'histogram') {
    const dataPoints = points.map((point) => ({ ...point, value: histogram(point.value as Distribution) }));
    return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = points as DataPoint<number>[];
  if (kind === 'gauge') return { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
  return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
}

/** Prometheus counts what does not pass a bound, OpenTelemetry what lies between two bounds. */
function histogram({ buckets, counts, count, sum }: Distribution): Histogram {
  const upTo = [...counts, count];
  const between = upTo.map((each, index) => each - (upTo[index - 1] ?? 0));
  return { buckets: { boundaries: [...buckets], counts: between }, count, sum };
}

function timeOf(ms: number): HrTime {
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}
