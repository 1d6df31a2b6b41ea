import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from './metrics.ts';

/** Whose telemetry it is. */
export interface TelemetryOptions {
  /** `service.name`, unless OTEL_SERVICE_NAME says another. */
  service: string;
  /** What is sent besides traces. */
  metrics?: Metrics;
  /** Told what the SDK complains about: a collector that does not answer, a setting that it does not understand. */
  warn?: (message: string) => void;
}

/** Telemetry that runs, or does not. */
export interface Telemetry {
  /** Sends what has not been sent, as far as that works within a few seconds. */
  stop(): Promise<void>;
}

/** A collector that is away must not hold a process that wants to end. */
const stopPatienceMs = 2_000;

const off: Telemetry = { stop: () => Promise.resolve() };

/**
 * Sends traces and metrics by OTLP where the environment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT, or
 * …_TRACES_ENDPOINT and …_METRICS_ENDPOINT); does and loads nothing where it does not.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const signals = { traces: isOn('TRACES'), metrics: isOn('METRICS') };
  if (!signals.traces && !signals.metrics) return off;
  const { startSdk } = await import('./sdk/start-sdk.ts');
  const sdk = startSdk(signals, options);
  return {
    async stop() {
      await Promise.race([sdk.stop(), sleep(stopPatienceMs, undefined, { ref: false })]);
    },
  };
}

function isOn(signal: 'TRACES' | 'METRICS'): boolean {
  const { env } = process;
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  if (env[`OTEL_${signal}_EXPORTER`] === 'none') return false;
  return Boolean(env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`] || env.OTEL_EXPORTER_OTLP_ENDPOINT);
}
