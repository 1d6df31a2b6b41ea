import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

const source = new URL('../src/index.ts', import.meta.url).href;

// In a process of its own: an SDK is registered for good.
const program = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ resolve(specifier, context, next) {
    const found = next(specifier, context);
    loaded.push(found.url);
    return found;
  } });
  const { activeTrace, createLogger, createMetrics, inSpan, startTelemetry } = await import('${source}');
  const warnings = [];
  const telemetry = await startTelemetry({
    service: 'test', metrics: createMetrics(), warn: (message) => warnings.push(message) });
  const lines = [];
  const log = createLogger('test', { stream: { write: (line) => lines.push(JSON.parse(line)) } });
  let trace;
  await inSpan('outer', {}, async () => {
    trace = activeTrace();
    log.info('within');
    log.child({ trace_id: 'another' }).info('of a call');
  });
  log.info('outside');
  await telemetry.stop();
  const sdk = loaded.filter((url) => /opentelemetry.(?!api)/.test(url)).length;
  // As services and commands end: without waiting for what the exporter still tries.
  process.stdout.write(JSON.stringify({ sdk, trace, lines, warnings }), () => process.exit());
`;

async function run(env: NodeJS.ProcessEnv) {
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
  });
  return JSON.parse(stdout);
}

describe('telemetry', function () {
  this.timeout(30_000);

  it('loads nothing of the SDK while no collector is named', async () => {
    for (const env of [
      {},
      { OTEL_SERVICE_NAME: 'a', OTEL_TRACES_SAMPLER: 'always_on' },
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' },
    ]) {
      const { sdk, trace, lines } = await run(env);
      assert.equal(sdk, 0);
      assert.equal(trace, undefined);
      assert.deepEqual(
        lines.map(({ trace_id }: Record<string, string>) => trace_id),
        [undefined, 'another', undefined],
      );
    }
  });

  it('sends to the collector that is named, with its headers, and has traces in log lines', async () => {
    const requests: { url?: string; key: unknown; type: unknown }[] = [];
    const server = createServer((request, response) => {
      requests.push({
        url: request.url,
        key: request.headers['x-key'],
        type: request.headers['content-type'],
      });
      request.resume().on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const { sdk, trace, lines, warnings } = await run({
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=secret',
        OTEL_METRICS_EXPORTER: 'none',
      });
      assert.ok(sdk > 0);
      assert.deepEqual(warnings, []);
      assert.deepEqual(requests, [{ url: '/v1/traces', key: 'secret', type: 'application/x-protobuf' }]);
      const [within, ofCall, outside] = lines;
      assert.deepEqual([within.trace_id, within.span_id], [trace.traceId, trace.spanId]);
      assert.deepEqual([ofCall.trace_id, ofCall.span_id], ['another', undefined]);
      assert.equal(outside.trace_id, undefined);
    } finally {
      server.close();
    }
  });

  it('lets a process end although the collector is away', async () => {
    const { sdk } = await run({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1/v1/traces' });
    assert.ok(sdk > 0);
  });
});
