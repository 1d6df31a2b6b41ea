/** A span that a receiver got. */
export interface ReceivedSpan {
  /** `service.name` of its process. */
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  /** Empty for the first of a trace. */
  parentSpanId: string;
  attributes: Attributes;
  /** It is marked as failed. */
  failed: boolean;
  startMs: number;
  endMs: number;
}

/** A metric that a receiver got, as it was sent once. */
export interface ReceivedMetric {
  service: string;
  name: string;
  unit: string;
  description: string;
  kind: 'counter' | 'gauge' | 'histogram';
  points: { attributes: Attributes; value: number; counts?: number[] }[];
}

type Attributes = Record<string, string | number | boolean>;

/** What the collector's file exporter has written: OTLP in JSON, a request a line (OTLP, "JSON Protobuf encoding"). */
export function parseOtlpLines(text: string): { spans: ReceivedSpan[]; metrics: ReceivedMetric[] } {
  const spans: ReceivedSpan[] = [];
  const metrics: ReceivedMetric[] = [];
  // The last line may be in the midst of being written.
  for (const line of text.split('\n').slice(0, -1)) {
    const { resourceSpans = [], resourceMetrics = [] } = JSON.parse(line);
    for (const { resource, scopeSpans } of resourceSpans)
      for (const span of scopeSpans.flatMap(each('spans'))) spans.push(spanOf(serviceOf(resource), span));
    for (const { resource, scopeMetrics } of resourceMetrics)
      for (const metric of scopeMetrics.flatMap(each('metrics')))
        metrics.push(metricOf(serviceOf(resource), metric));
  }
  return { spans, metrics };
}

// biome-ignore lint/suspicious/noExplicitAny: what the collector wrote, of which tests check what they use
type Json = any;

function each(key: string) {
  return (scope: Json): Json[] => scope[key] ?? [];
}

function serviceOf({ attributes }: Json): string {
  return String(attributesOf(attributes)['service.name']);
}

function attributesOf(list: Json[] = []): Attributes {
  return Object.fromEntries(
    list.map(({ key, value }) => {
      const [[kind, content]] = Object.entries(value);
      return [key, kind === 'intValue' ? Number(content) : (content as string)];
    }),
  );
}

function spanOf(service: string, span: Json): ReceivedSpan {
  const { name, traceId, spanId, parentSpanId = '', attributes, status } = span;
  return {
    service,
    name,
    traceId,
    spanId,
    parentSpanId,
    attributes: attributesOf(attributes),
    failed: status?.code === 2,
    startMs: Number(span.startTimeUnixNano) / 1e6,
    endMs: Number(span.endTimeUnixNano) / 1e6,
  };
}

function metricOf(service: string, { name, unit, description, sum, gauge, histogram }: Json): ReceivedMetric {
  const common = { service, name, unit, description };
  if (histogram !== undefined) {
    const points = histogram.dataPoints.map(({ attributes, count, bucketCounts }: Json) => ({
      attributes: attributesOf(attributes),
      value: Number(count),
      counts: bucketCounts.map(Number),
    }));
    return { ...common, kind: 'histogram', points };
  }
  const points = ((sum ?? gauge).dataPoints ?? []).map(({ attributes, asDouble, asInt }: Json) => ({
    attributes: attributesOf(attributes),
    value: Number(asDouble ?? asInt),
  }));
  return { ...common, kind: sum === undefined ? 'gauge' : 'counter', points };
}
