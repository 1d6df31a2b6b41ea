import type { Labels, MetricFamily, MetricSeries } from './metrics.ts';

/** One line. */
interface Sample {
  name: string;
  labels: Labels;
  value: number;
}

/** The media type of what `exposition` makes. */
export const metricsMediaType = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics in the Prometheus text format 0.0.4 (Prometheus, "Exposition formats"). */
export function exposition(families: Iterable<MetricFamily>): string {
  let text = '';
  for (const { name, kind, help, series } of families) {
    text += `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${kind}\n`;
    for (const sample of series().flatMap((each) => samplesOf(name, each)))
      text += `${sample.name}${labelText(sample.labels)} ${number(sample.value)}\n`;
  }
  return text;
}

function samplesOf(name: string, { labels, value }: MetricSeries): Sample[] {
  if (typeof value === 'number') return [{ name, labels, value }];
  const { buckets, counts, count, sum } = value;
  return [
    ...buckets.map((bound, index) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le: String(bound) },
      value: counts[index],
    })),
    { name: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { name: `${name}_sum`, labels, value: sum },
    { name: `${name}_count`, labels, value: count },
  ];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
