import type { Labels } from './metrics.ts';

/** One line. */
export interface Sample {
  name: string;
  labels: Labels;
  value: number;
}

/** One metric with its lines. */
export interface SampleFamily {
  name: string;
  kind: string;
  help: string;
  samples: Sample[];
}

/** The media type of what `exposition` makes. */
export const metricsMediaType = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics in the Prometheus text format 0.0.4 (Prometheus, "Exposition formats"). */
export function exposition(families: readonly SampleFamily[]): string {
  let text = '';
  for (const { name, kind, help, samples } of families) {
    text += `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${kind}\n`;
    for (const sample of samples)
      text += `${sample.name}${labelText(sample.labels)} ${number(sample.value)}\n`;
  }
  return text;
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
