export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export {
  type Counter,
  createMetrics,
  type Gauge,
  type Histogram,
  type Labels,
  type Metrics,
} from './metrics.ts';
export {
  attributeNames,
  logKeys,
  type MetricName,
  metricNames,
  metricShapes,
  spanNames,
} from './names.ts';
export { addProcessMetrics } from './process-metrics.ts';
export { metricsMediaType } from './prometheus-text.ts';
export { failSpan, inSpan, inStep, type Span, startSpan, traceOfSpan } from './spans.ts';
export { startTelemetry, type Telemetry } from './start-telemetry.ts';
export {
  activeTrace,
  activeTraceparent,
  formatTraceparent,
  isSampled,
  newTrace,
  parseTraceparent,
  type TraceContext,
  withTrace,
  withTraceparent,
} from './trace-context.ts';
