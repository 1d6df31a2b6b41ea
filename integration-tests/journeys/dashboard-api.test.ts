import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Client, ComputedArray } from '@hyperslab/client';
import { JobState } from '@hyperslab/proto/scheduler';
import { sharedData } from '@hyperslab/testing';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

const missingBits = 0x7fc00001;
const dataset = 'sample/run@1';

/** Grids of all kinds: descending latitudes, longitudes from 0, places of two dimensions, moved poles, no places at all. */
const realGrids: [file: string, parameter: string, kind: string, step: number][] = [
  ['nc3/coads_climatology.cdf', 'SST', 'rectilinear', 1],
  ['nc3/landsea.nc', 'LSMASK', 'rectilinear', 1],
  ['nc4/cordex.nc', 'sfcWind', 'curvilinear', 1],
  ['nc4/rotated_pole.nc', 'air_pressure_at_sea_level', 'curvilinear', 1],
  ['nc3/tas_rotated_grid_EUR11.nc', 'tas', 'curvilinear', 2],
  ['nc4/NEMO/nemo_1m_20150101-20150201_grid-T.nc', 'tos', 'curvilinear', 1],
  ['nc4/lcc_km.nc', 'prcp', 'index', 2],
];

// What the dashboard's page is made of: values that are equal to computed ones, bounded, and nothing for other sites.
describe('the API of the dashboard', function () {
  this.timeout(300_000);
  let mesh: Mesh;
  let client: Client;
  let address: string;

  before(async () => {
    const shared = sharedData();
    mesh = await startMesh({ sample: true, roots: shared ? [shared] : [] });
    client = await mesh.client();
    address = mesh.endpoints.dashboard;
  });
  after(() => mesh?.stop());

  async function ask(path: string, query: Record<string, string> = {}): Promise<Response> {
    return fetch(`${address}/api/${path}?${new URLSearchParams(query)}`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape that it checks
  async function json(path: string, query: Record<string, string>): Promise<any> {
    const response = await ask(path, query);
    assert.equal(response.status, 200, `${path} ${JSON.stringify(query)}: ${await response.clone().text()}`);
    return response.json();
  }

  async function frame(path: string, query: Record<string, string>) {
    const response = await ask(path, query);
    assert.equal(response.status, 200, await response.clone().text());
    const bytes = await response.arrayBuffer();
    const length = new DataView(bytes).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
    return { head, bits: new Uint32Array(bytes, 4 + length), floats: new Float32Array(bytes, 4 + length) };
  }

  function assertSame(
    { head, bits, floats }: Awaited<ReturnType<typeof frame>>,
    computed: ComputedArray,
    what: string,
  ): void {
    const { values, mask, missing, nan } = computed;
    assert.equal(head.rows * head.columns, values.length, what);
    assert.deepEqual([head.missing, head.nan], [missing, nan], what);
    for (let i = 0; i < values.length; i++) {
      const isMissing = mask?.[i] === 1;
      assert.equal(bits[i] === missingBits, isMissing, `${what}[${i}]`);
      if (!isMissing) assert.ok(Object.is(floats[i], Math.fround(Number(values[i]))), `${what}[${i}]`);
    }
  }

  it('lists, pages and searches datasets', async () => {
    for (const name of ['paged/a', 'paged/b', 'paged/c'])
      await client.publish(name, (await client.open('sample/run')).expression('mean(t, time)'));
    const first = await json('datasets', { size: '2' });
    assert.deepEqual(
      first.datasets.map(({ name }: { name: string }) => name),
      ['paged/a', 'paged/b'],
    );
    const second = await json('datasets', { size: '2', page: first.next });
    assert.deepEqual(
      second.datasets.map(({ name }: { name: string }) => name),
      ['paged/c', 'sample/run'],
    );
    const found = await json('datasets', { query: 'x_wind' });
    assert.deepEqual(
      found.datasets.map(({ name }: { name: string }) => name),
      ['sample/run'],
    );
    assert.equal((await json('datasets', { query: 'nothing-has-this' })).datasets.length, 0);
  });

  it('describes a parameter: its sliders, its grid and what it was merged from', async () => {
    const { metadata } = await client.open('sample/run');
    const cube = metadata.cubes.find(({ name }) => name === 't');
    const described = await json('parameter', { dataset, parameter: 't' });
    assert.deepEqual(
      described.sizes.map(({ size }: { size: number }) => size),
      cube?.shape,
    );
    const [time, pressure] = described.dimensions;
    const { coordinates } = await (await client.open('sample/run'))
      .cube('t')
      .isel({ latitude: 0, longitude: 0 })
      .compute();
    const pressures = coordinates.find(({ name }) => name === 'pressure');
    assert.deepEqual(pressure.texts, Array.from(pressures?.values ?? [], String));
    assert.equal(time.texts[3], '2022-06-16T03:00:00Z');
    assert.deepEqual(described.grid, { rows: 2, columns: 3, kind: 'rectilinear' });
    assert.equal(described.pieces.pieces, cube?.pieces);
    assert.equal(described.pieces.objects, metadata.provenance?.objects);
    assert.deepEqual(described.pieces.sources, metadata.provenance?.sources);
  });

  it('answers slices and series that are equal to what is computed', async () => {
    const run = await client.open('sample/run');
    for (const name of run.parameters().map((cube) => cube.name)) {
      const slice = await frame('slice', { dataset, parameter: name, at: '4,2,0,0' });
      assertSame(slice, await run.cube(name).isel({ time: 4, pressure: 2 }).compute(), name);
      const series = await json('series', { dataset, parameter: name, at: '4,2,17,42', along: '0' });
      const computed = await run.cube(name).isel({ pressure: 2, latitude: 17, longitude: 42 }).compute();
      assert.deepEqual(series.values, Array.from(computed.values, Number));
      assert.equal(series.units, computed.units);
      assert.equal(series.texts[18], '2022-06-16T18:00:00Z');
    }
  });

  it('answers the same for grids of real files, thinned where they are large, and where their cells lie', async function () {
    const shared = sharedData();
    if (shared === undefined) return this.skip();
    for (const [file, parameter, kind, expectedStep] of realGrids) {
      const name = `grids/${file}`;
      await client.publish(name, [join(shared, file)]);
      const opened = await client.open(name);
      const query = { dataset: `${name}@1`, parameter };
      const described = await json('parameter', query);
      const { rows, columns } = described.grid;
      const sizes: { dimension: string; size: number }[] = described.sizes;
      const slice = await frame('slice', { ...query, at: sizes.map(() => 0).join() });
      const { step } = slice.head;
      assert.equal(step, expectedStep, file);
      const selection = Object.fromEntries(
        sizes.map(({ dimension, size }, axis) => [
          dimension,
          axis === rows || axis === columns ? ([0, size, step] as const) : 0,
        ]),
      );
      assert.ok(rows < columns, `${file}: the test compares in order of storage`);
      assertSame(slice, await opened.cube(parameter).isel(selection).compute(), file);
      const grid = await frame('grid', query);
      assert.equal(grid.head.kind, kind, file);
      const places =
        kind === 'index'
          ? 0
          : kind === 'rectilinear'
            ? slice.head.rows + slice.head.columns
            : 2 * slice.bits.length;
      assert.equal(grid.floats.length, places, file);
    }
  });

  it('says in words what is wrong with a request', async () => {
    const good = { dataset, parameter: 't', at: '0,0,0,0', along: '0' };
    const wrong: [path: string, change: Record<string, string>, status: number, code: string][] = [
      ['dataset', { dataset: 'no/such' }, 404, 'DATASET_NOT_FOUND'],
      ['dataset', { dataset: '../../etc/passwd' }, 400, 'NAME_INVALID'],
      ['dataset', { dataset: '' }, 400, 'INVALID_ARGUMENT'],
      ['slice', { parameter: 'nope' }, 404, 'VARIABLE_NOT_FOUND'],
      ['slice', { parameter: 't]; drop' }, 404, 'VARIABLE_NOT_FOUND'],
      ['slice', { at: '99,0,0,0' }, 400, 'INVALID_ARGUMENT'],
      ['slice', { at: '-1,0,0,0' }, 400, 'INVALID_ARGUMENT'],
      ['slice', { at: '0,0' }, 400, 'INVALID_ARGUMENT'],
      ['slice', { at: '#0,0,0,0' }, 400, 'INVALID_ARGUMENT'],
      ['series', { along: '4' }, 400, 'INVALID_ARGUMENT'],
      ['series', { along: 'time' }, 400, 'INVALID_ARGUMENT'],
      ['datasets', { size: '100000' }, 400, 'INVALID_ARGUMENT'],
      ['datasets', { page: 'forged' }, 400, 'INVALID_ARGUMENT'],
    ];
    for (const [path, change, status, code] of wrong) {
      const response = await ask(path, { ...good, ...change });
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      assert.deepEqual(
        [response.status, error.code],
        [status, code],
        `${path} ${JSON.stringify(change)}: ${error.message}`,
      );
      assert.ok(error.message.length > 10);
    }
  });

  it('answers no other host, method, site or path', async () => {
    const raw = async (path: string, method = 'GET', headers: Record<string, string> = {}) => {
      const { hostname, port } = new URL(address);
      const sent = httpRequest({ hostname, port, path, method, headers }).end(
        method === 'POST' ? '{}' : undefined,
      );
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return response;
    };
    assert.equal((await raw('/api/datasets', 'GET', { host: 'evil.example' })).statusCode, 421);
    assert.equal((await raw('/api/datasets', 'DELETE')).statusCode, 405);
    for (const path of [
      '/../package.json',
      '/assets/../../package.json',
      '/%2e%2e/package.json',
      '/assets/%2e%2e%2fx',
      '/etc/passwd',
      '/api/nothing',
    ])
      assert.equal((await raw(path)).statusCode, 404, path);
    const cancel = '/api/jobs/some-job/cancel';
    assert.equal((await raw(cancel, 'POST', { 'content-type': 'text/plain' })).statusCode, 415);
    const json = { 'content-type': 'application/json' };
    assert.equal((await raw(cancel, 'POST', { ...json, origin: 'https://evil.example' })).statusCode, 403);
    assert.equal((await raw(cancel, 'POST', { ...json, 'sec-fetch-site': 'cross-site' })).statusCode, 403);
    assert.equal((await raw(cancel, 'POST', json)).statusCode, 404, 'a job that is not there');
    const page = await raw('/');
    assert.equal(page.statusCode, 200);
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'; script-src 'self';/);
    assert.doesNotMatch(String(page.headers['content-security-policy']), /unsafe/);
    for (const probe of ['/livez', '/readyz', '/metrics']) assert.equal((await raw(probe)).statusCode, 200);
  });

  it('tells of the cluster in one stream, and goes on where a reader was', async () => {
    const first = await readEvents({}, (events) => events.some(({ data }) => data.totals?.workers === 2));
    assert.equal(first[0].data.complete, true);
    const last = first.at(-1)!;
    const run = await client.open('sample/run');
    await run.expression('mean(t, time)').compute();
    const seen = await readEvents({ 'last-event-id': last.id }, (events) =>
      events.some(({ data }) =>
        data.jobs.some((job) => job.description === 'mean(t, time)' && job.state === 'succeeded'),
      ),
    );
    assert.equal(seen[0].data.complete, false, 'only what was missed');
    assert.ok(seen.every(({ id }) => id !== last.id));
    const [again] = await readEvents({ 'last-event-id': '00000000-1' }, () => true);
    assert.equal(again.data.complete, true, 'a mark of another process means nothing');
    const zipped = await readEvents({ 'accept-encoding': 'gzip' }, () => true);
    assert.equal(zipped[0].data.complete, true);
  });

  interface StreamEvent {
    id: string;
    data: {
      complete: boolean;
      totals?: { workers: number };
      jobs: { description: string; state: string }[];
    };
  }

  async function readEvents(
    headers: Record<string, string>,
    isEnough: (events: StreamEvent[]) => boolean,
  ): Promise<StreamEvent[]> {
    const stop = new AbortController();
    const response = await fetch(`${address}/api/events`, {
      headers: { 'accept-encoding': 'identity', ...headers },
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(30_000)]),
    });
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const events: StreamEvent[] = [];
    let text = '';
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const match = /^id: (.+)\ndata: (.+)$/.exec(block);
        if (match !== null) events.push({ id: match[1], data: JSON.parse(match[2]) });
      }
      if (events.length > 0 && isEnough(events)) break;
    }
    stop.abort();
    return events;
  }

  it('cancels a job', async () => {
    const run = await client.open('sample/run');
    const job = await run.expression('t - mean(t, time)').persist();
    const response = await fetch(`${address}/api/jobs/${job.jobId}/cancel`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(response.status, 200);
    const { state } = await client.job(job.jobId);
    assert.ok(state === JobState.JOB_STATE_CANCELLED || state === JobState.JOB_STATE_SUCCEEDED);
  });

  it('goes on when the scheduler is started again, and says what is wrong meanwhile', async () => {
    const stop = new AbortController();
    const response = await fetch(`${address}/api/events`, { signal: stop.signal });
    const texts = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    let text = '';
    const until = async (pattern: RegExp) => {
      for (const end = performance.now() + 60_000; !pattern.test(text) && performance.now() < end; )
        text += (await texts.next()).value ?? '';
      assert.match(text, pattern);
    };
    await until(/"workers":2/);
    await mesh.kill('scheduler');
    await until(/"problem":"[^"]+"/);
    await mesh.ready();
    // A picture of the new process, in which workers appear as they come back.
    await until(/"problem":"[^"]+".*"complete":true,"problem":"".*"workers":2/s);
    stop.abort();
  });
});
