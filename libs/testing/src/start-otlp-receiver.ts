import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { toolPath } from './locations.ts';
import { parseOtlpLines, type ReceivedMetric, type ReceivedSpan } from './otlp-lines.ts';

/** An OpenTelemetry Collector on loopback. */
export interface OtlpReceiver {
  /** OTEL_* variables with which processes send to it, soon rather than in large batches. */
  env: Record<string, string>;
  /** What it has got so far. */
  received(): Promise<{ spans: ReceivedSpan[]; metrics: ReceivedMetric[] }>;
  /** Ends it. */
  stop(): Promise<void>;
}

const startTimeoutMs = 15_000;

/** Starts a collector that keeps what it gets in `folder`. Undefined when it is not built: then a test is to be skipped. */
export async function startOtlpReceiver(folder: string): Promise<OtlpReceiver | undefined> {
  const program = toolPath('otel-collector');
  if (program === undefined) return undefined;
  const port = await freePort();
  const [configPath, outPath] = [join(folder, 'collector.yaml'), join(folder, 'received.jsonl')];
  await writeFile(configPath, configuration(port, outPath));
  const collector = spawn(program, ['--config', configPath], { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = new Promise<void>((resolve) => {
    collector.once('exit', () => resolve());
    collector.once('error', () => resolve());
  });
  await listening(port, exited);
  return {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
    },
    received: async () => parseOtlpLines(await readFile(outPath, 'utf8').catch(() => '')),
    async stop() {
      collector.kill();
      await exited;
    },
  };
}

/** YAML is JSON's superset. */
function configuration(port: number, path: string): string {
  const pipeline = { receivers: ['otlp'], exporters: ['file'] };
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: { file: { path, flush_interval: '100ms' } },
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
      pipelines: { traces: pipeline, metrics: pipeline },
    },
  });
}

async function listening(port: number, exited: Promise<void>): Promise<void> {
  let alive = true;
  void exited.then(() => {
    alive = false;
  });
  const deadline = Date.now() + startTimeoutMs;
  while (alive && Date.now() < deadline) {
    if (await accepts(port)) return;
    await sleep(50);
  }
  throw new Error(alive ? `the collector did not listen on ${port}` : 'the collector ended at its start');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
