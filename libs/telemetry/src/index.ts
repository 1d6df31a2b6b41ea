export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export {
  type Counter,
  createMetrics,
  type Gauge,
  type Histogram,
  type Labels,
  type Metrics,
} from './metrics.ts';
export { logKeys, type MetricName, metricNames } from './names.ts';
export { addProcessMetrics } from './process-metrics.ts';
export { metricsMediaType } from './prometheus-text.ts';
export {
  activeTrace,
  childTrace,
  formatTraceparent,
  newTrace,
  parseTraceparent,
  type TraceContext,
  withTrace,
} from './trace-context.ts';
