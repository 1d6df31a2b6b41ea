import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logKeys, metricNames, metricShapes } from '@hyperslab/telemetry';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@hyperslab/testing';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

describe('telemetry of a mesh, at an OpenTelemetry Collector', function () {
  this.timeout(180_000);
  let folder: string;
  let receiver: OtlpReceiver;
  let mesh: Mesh;

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'hyperslab-otlp-'));
    const started = await startOtlpReceiver(folder);
    if (started === undefined) {
      this.skip();
      return;
    }
    receiver = started;
    mesh = await startMesh({ sample: true, env: { ...receiver.env, HYPERSLAB_LOG_LEVEL: 'debug' } });
  });
  after(async () => {
    await mesh?.stop();
    await receiver?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a command that sends its own spans. */
  async function hyperslab(args: string[], env: NodeJS.ProcessEnv = receiver.env): Promise<void> {
    const { code, stderr } = await mesh.hyperslab(args, { env });
    assert.equal(code, 0, stderr);
  }

  /** Looks at what has arrived until it is as it must be: each process sends its spans when it comes to it. */
  async function eventually(look: (spans: ReceivedSpan[]) => void): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        look((await receiver.received()).spans);
        return;
      } catch (error) {
        if (attempt === 100) throw error;
      }
      await delay(200);
    }
  }

  it('follows a computation from the command to the reads of storage', async () => {
    await hyperslab(['compute', 'sample/run', 'mean(air_temperature, time)', '--json']);
    const reads = (span: ReceivedSpan) => span.name === 'storage.read' && isSample(span);
    await eventually((spans) => {
      const root = only(spans, 'cli', 'hyperslab compute');
      assert.equal(root.parentSpanId, '');

      const read = spans.find(reads)!;
      assert.deepEqual(pathTo(read, spans), [
        'cli: hyperslab compute',
        'cli: hyperslab.v1.SchedulerService/SubmitCompute',
        'scheduler: hyperslab.v1.SchedulerService/SubmitCompute',
        'worker-pool: task',
        'worker-pool: storage.read',
      ]);
      // The command asks the catalog, and the scheduler does when it plans.
      const asked = spans.filter(
        ({ service, name, traceId }) =>
          service === 'catalog' && name.endsWith('/GetDataset') && traceId === root.traceId,
      );
      assert.deepEqual(asked.map((span) => pathTo(span, spans).slice(0, -1)).sort(), [
        ['cli: hyperslab compute', 'cli: hyperslab.v1.CatalogService/GetDataset'],
        [
          'cli: hyperslab compute',
          'cli: hyperslab.v1.SchedulerService/SubmitCompute',
          'scheduler: hyperslab.v1.SchedulerService/SubmitCompute',
          'scheduler: hyperslab.v1.CatalogService/GetDataset',
        ],
      ]);
      for (const span of spans.filter(({ service }) => service === 'cli'))
        assert.equal(span.traceId, root.traceId, span.name);

      const task = spans.find(({ spanId }) => spanId === read.parentSpanId)!;
      const { 'hyperslab.job': job, ...numbers } = task.attributes;
      assert.match(String(job), /^[0-9a-f]{20}$/);
      // 9 levels of 48 × 64 float32.
      assert.ok(Number(numbers['hyperslab.block.bytes']) >= 9 * 48 * 64 * 4);
      assert.deepEqual(
        [numbers['hyperslab.stage'], numbers['hyperslab.task'], numbers['hyperslab.attempt']],
        [0, 0, 1],
      );
      const ofFiles = spans.filter(reads).filter(({ traceId }) => traceId === root.traceId);
      assert.equal(new Set(ofFiles.map((span) => span.attributes['hyperslab.object'])).size, 19, 'all files');
      for (const { attributes, startMs, endMs } of ofFiles) {
        assert.match(String(attributes['hyperslab.object']), /^file:\/\/\/.*\/sample\/run_\d+\.nc$/);
        assert.ok(Number(attributes['hyperslab.range.offset']) > 0);
        assert.ok(Number(attributes['hyperslab.range.length']) > 0);
        assert.ok(endMs >= startMs);
      }
    });
  });

  it('follows a publish until its version is committed', async () => {
    await hyperslab(['publish', 'traced/run', join(mesh.state, 'sample', '*.nc')]);
    await eventually((spans) => {
      const root = only(spans, 'cli', 'hyperslab publish');
      assert.deepEqual(
        pathTo(only(spans, 'catalog', 'hyperslab.v1.CatalogService/CommitVersion', root), spans),
        [
          'cli: hyperslab publish',
          'cli: hyperslab.v1.SchedulerService/SubmitPublish',
          'scheduler: hyperslab.v1.SchedulerService/SubmitPublish',
          'scheduler: hyperslab.v1.CatalogService/CommitVersion',
          'catalog: hyperslab.v1.CatalogService/CommitVersion',
        ],
      );
      const job = only(spans, 'scheduler', 'job', root);
      assert.equal(job.attributes['hyperslab.job.kind'], 'publish');
      assert.equal(job.attributes['hyperslab.job.phase'], 'succeeded');
      // Expanding, indexing, merging: each reads, or reads what another made.
      const stages = spans.filter(({ name, traceId }) => name === 'task' && traceId === root.traceId);
      assert.deepEqual(
        [...new Set(stages.map((task) => task.attributes['hyperslab.stage']))].sort(),
        [0, 1, 2],
      );
    });
  });

  it('follows a request to the gateway, within the trace of its client', async () => {
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    const response = await fetch(`${mesh.endpoints.opendap_gateway}/dap/sample/run.dods?w[0][0][0:1][0:1]`, {
      headers: { traceparent: `00-${traceId}-${spanId}-01` },
    });
    assert.equal(response.status, 200);
    await response.arrayBuffer();
    const reads = (span: ReceivedSpan) =>
      span.traceId === traceId && span.name === 'storage.read' && isSample(span);
    await eventually((spans) => {
      const request = only(spans, 'opendap-gateway', 'GET dods');
      assert.equal(request.parentSpanId, spanId);
      assert.deepEqual(request.attributes, {
        'http.request.method': 'GET',
        'http.route': 'dods',
        'http.response.status_code': 200,
        'url.path': '/dap/sample/run.dods',
      });
      assert.deepEqual(pathTo(spans.find(reads)!, spans), [
        'opendap-gateway: GET dods',
        'opendap-gateway: hyperslab.v1.ChunkService/ReadArray',
        'worker-pool: hyperslab.v1.ChunkService/ReadArray',
        'worker-pool: storage.read',
      ]);
    });
  });

  it('says why a call failed', async () => {
    const { code } = await mesh.hyperslab(['show', 'no/such'], { env: receiver.env });
    assert.equal(code, 3);
    await eventually((spans) => {
      const root = only(spans, 'cli', 'hyperslab show');
      assert.deepEqual([root.failed, root.attributes['error.type']], [true, 'DATASET_NOT_FOUND']);
      const answered = only(spans, 'catalog', 'hyperslab.v1.CatalogService/GetDataset', root);
      assert.equal(answered.attributes['rpc.response.status_code'], 'NOT_FOUND');
      assert.equal(answered.failed, false, 'the catalog has done its work');
    });
  });

  it('records nothing that its client has decided not to, and begins no trace by itself', async () => {
    await hyperslab(['compute', 'sample/run', 'max(air_temperature)'], {
      ...receiver.env,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    await hyperslab(['versions', 'sample/run']);
    await eventually((spans) => {
      only(spans, 'cli', 'hyperslab compute');
      only(spans, 'scheduler', 'hyperslab.v1.SchedulerService/SubmitCompute');
      const firsts = new Set(spans.filter((span) => span.parentSpanId === '').map(({ name }) => name));
      // `up` publishes the sample without a span of its own; the services' own calls to each other are in no trace.
      assert.deepEqual(
        [...firsts].filter((name) => !name.startsWith('hyperslab ')),
        [],
      );
    });
  });

  it('names the trace in the lines of the services’ logs', async () => {
    const { spans } = await receiver.received();
    const { traceId } = only(spans, 'cli', 'hyperslab compute');
    const known = new Set(spans.map(({ spanId }) => spanId));
    for (const service of ['catalog', 'scheduler', 'worker-pool']) {
      const lines = (await logLines(service)).filter((line) => line.trace_id === traceId);
      assert.ok(lines.length > 0, service);
      for (const { span_id, msg } of lines) assert.ok(known.has(span_id), `${service}: ${msg}`);
    }
    const ended = (await logLines('scheduler')).filter(({ msg }) => msg === 'job ended');
    assert.equal(ended.find(({ trace_id }) => trace_id === traceId)?.phase, 'succeeded');
  });

  it('has no key in logs that is not in the list of names', async () => {
    const keys = new Set<string>([...Object.values(logKeys), 'level', 'time', 'pid', 'msg']);
    for (const service of ['catalog', 'scheduler', 'worker-pool', 'metadata-backup', 'opendap-gateway'])
      for (const line of await logLines(service))
        for (const key of Object.keys(line)) assert.ok(keys.has(key), `${service}: ${key} of "${line.msg}"`);
  });

  it('sends the metrics that /metrics shows, in the shapes of the list of names', async () => {
    const { metrics } = await receiver.received();
    const keyOf = new Map(Object.entries(metricNames).map(([key, [name]]) => [name as string, key]));
    for (const { name, kind, unit, description, points } of metrics) {
      const key = keyOf.get(name) as keyof typeof metricNames | undefined;
      assert.ok(key, name);
      const shape = metricShapes[key];
      assert.deepEqual(
        { kind, unit, description },
        { ...pick(shape), description: metricNames[key][1] },
        name,
      );
      for (const { attributes } of points)
        assert.deepEqual(Object.keys(attributes).sort(), [...shape.labels].sort(), name);
    }
    const latest = (service: string, name: string) =>
      metrics.findLast((metric) => metric.service === service && metric.name === name);
    assert.equal(latest('catalog', 'hyperslab_catalog_versions')?.points[0].value, 2);
    assert.equal(latest('scheduler', 'hyperslab_scheduler_workers')?.points[0].value, 2);
    const method = '/hyperslab.v1.SchedulerService/SubmitCompute';
    const ofMethod = (point: { attributes: Record<string, unknown> }) => point.attributes.method === method;
    const calls = latest('scheduler', 'hyperslab_rpc_calls_total')?.points.find(ofMethod);
    assert.deepEqual([calls?.attributes.code, calls?.value], ['OK', 2]);
    const seconds = latest('scheduler', 'hyperslab_rpc_seconds')?.points.find(ofMethod);
    assert.equal(seconds?.value, 2);
    assert.equal(
      seconds?.counts?.reduce((sum, count) => sum + count),
      2,
    );
  });

  /** Lines of all logs of a service. */
  async function logLines(service: string): Promise<Record<string, string>[]> {
    const logs = join(mesh.state, 'logs');
    const files = (await readdir(logs)).filter((name) => name.startsWith(service));
    const texts = await Promise.all(files.map((name) => readFile(join(logs, name), 'utf8')));
    return texts.flatMap((text) =>
      text
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    );
  }
});

function pick({ kind, unit }: { kind: string; unit: string }) {
  return { kind, unit };
}

function isSample({ attributes }: ReceivedSpan): boolean {
  return String(attributes['hyperslab.object']).endsWith('.nc');
}

/** The one span of a service with this name, in the trace of another if one is given. */
function only(spans: ReceivedSpan[], service: string, name: string, other?: ReceivedSpan): ReceivedSpan {
  const found = spans.filter(
    (span) =>
      span.service === service &&
      span.name === name &&
      (other === undefined || span.traceId === other.traceId),
  );
  assert.equal(found.length, 1, `${service}: ${name}`);
  return found[0];
}

/** The span and what it is a step of, outermost first; all of one trace. */
function pathTo(span: ReceivedSpan, spans: ReceivedSpan[]): string[] {
  const path: string[] = [];
  for (let current: ReceivedSpan | undefined = span; current !== undefined; ) {
    assert.equal(current.traceId, span.traceId);
    path.unshift(`${current.service}: ${current.name}`);
    const parent: string = current.parentSpanId;
    current = spans.find(({ spanId }) => spanId === parent);
  }
  return path;
}
