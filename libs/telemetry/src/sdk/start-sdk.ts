/** The OpenTelemetry SDK, put together. Loaded only where telemetry is on: its modules take tens of milliseconds. */
import { context, DiagLogLevel, diag, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  detectResources,
  type Resource,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Metrics } from '../metrics.ts';
import type { Telemetry, TelemetryOptions } from '../start-telemetry.ts';
import { bridgeMetrics } from './bridge-metrics.ts';
import { samplerOf } from './sampler.ts';

/** What is sent. */
export interface Signals {
  traces: boolean;
  metrics: boolean;
}

/** Registers the SDK for this process. Exporters read the OTEL_EXPORTER_OTLP_* variables themselves. */
export function startSdk(
  signals: Signals,
  { service, metrics, warn = () => {} }: TelemetryOptions,
): Telemetry {
  const say = (message: string) => warn(`telemetry: ${message}`);
  diag.setLogger(
    { error: say, warn: say, info() {}, debug() {}, verbose() {} },
    { logLevel: DiagLogLevel.WARN },
  );
  const resource = resourceOf(service);
  const parts: Telemetry[] = [];
  if (signals.traces) parts.push(sendTraces(resource, say));
  if (signals.metrics && metrics !== undefined) parts.push(sendMetrics(resource, metrics));
  return {
    async stop() {
      await Promise.allSettled(parts.map((part) => part.stop()));
    },
  };
}

function resourceOf(service: string): Resource {
  const own = resourceFromAttributes({
    'service.namespace': 'hyperslab',
    'service.name': service,
    'service.version': '0.1.0',
    'process.pid': process.pid,
  });
  const detectors = [resourceAttributesEnvDetector, serviceNameEnvDetector];
  return own.merge(detectResources({ detectors }));
}

function sendTraces(resource: Resource, warn: (message: string) => void): Telemetry {
  const { env } = process;
  const processor = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter(),
    maxQueueSize: numberOf(env.OTEL_BSP_MAX_QUEUE_SIZE),
    maxExportBatchSize: numberOf(env.OTEL_BSP_MAX_EXPORT_BATCH_SIZE),
    scheduledDelayMillis: numberOf(env.OTEL_BSP_SCHEDULE_DELAY),
    exportTimeoutMillis: numberOf(env.OTEL_BSP_EXPORT_TIMEOUT),
  });
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(env, warn),
    spanProcessors: [processor],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return { stop: () => provider.shutdown() };
}

function sendMetrics(resource: Resource, metrics: Metrics): Telemetry {
  const { env } = process;
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: numberOf(env.OTEL_METRIC_EXPORT_INTERVAL) ?? defaultIntervalMs,
    metricProducers: [bridgeMetrics(metrics)],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  return { stop: () => provider.shutdown() };
}

/** As OpenTelemetry has it. */
const defaultIntervalMs = 60_000;

/** A positive number; what is none counts as not set, as OpenTelemetry wants it. */
function numberOf(text: string | undefined): number | undefined {
  const number = Number(text);
  return number > 0 && Number.isFinite(number) ? number : undefined;
}
