import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { HyperslabError } from '@hyperslab/errors';
import { createLogger, createMetrics } from '@hyperslab/telemetry';
import { type RunningGateway, serveGateway } from '../../src/http/serve-gateway.ts';
import { smallDataset } from '../small-dataset.ts';
import { attribute, standIn, standInUpstream } from '../stand-in-upstream.ts';

type StandInUpstream = ReturnType<typeof standInUpstream>;

let gateway: RunningGateway;
let upstream: StandInUpstream;

/** Frames of 7 bytes are cut within values. */
async function start(
  variables = smallDataset(),
  change: (upstream: StandInUpstream) => void = () => {},
  frameBytes = 7,
) {
  upstream = standInUpstream(variables, [attribute('title', 'char', 'Say "hi"')], frameBytes);
  change(upstream);
  gateway = await serveGateway({
    bind: '127.0.0.1',
    port: 0,
    upstream,
    log: createLogger('test', { level: 'silent' }),
    metrics: createMetrics(),
  });
}

async function ask(path: string, options: { method?: string; host?: string; accept?: string } = {}) {
  const { method = 'GET', host, accept } = options;
  const headers = { ...(host && { host }), ...(accept && { accept }) };
  const sent = httpRequest({ port: gateway.port, host: '127.0.0.1', path, method, headers }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  const body = Buffer.concat(parts);
  return { status: response.statusCode, headers: response.headers, body, text: body.toString() };
}

/** What follows "Data:" in a .dods answer. */
async function dataOf(constraint: string): Promise<Buffer> {
  const { status, body, headers } = await ask(`/dap/test/set.dods?${constraint}`);
  assert.equal(status, 200, body.toString());
  if (headers['content-length'] !== undefined) assert.equal(Number(headers['content-length']), body.length);
  const mark = '\nData:\n';
  return body.subarray(body.indexOf(mark) + mark.length);
}

/** XDR by hand: 32-bit words, and what else is given. */
function xdr(...parts: (number | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part !== 'number') return part;
      const word = Buffer.alloc(4);
      word.writeInt32BE(part);
      return word;
    }),
  );
}

function floats(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeFloatBE(value, 4 * i);
  return bytes;
}

function doubles(...values: number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [i, value] of values.entries()) bytes.writeDoubleBE(value, 8 * i);
  return bytes;
}

describe('the gateway', () => {
  afterEach(() => gateway.stop(0));

  describe('sends XDR', () => {
    beforeEach(() => start());
    const answers: [string, () => Buffer][] = [
      ['crs', () => xdr(7)],
      ['one', () => Buffer.of(200, 0, 0, 200)],
      ['bytes', () => xdr(3, 3, Buffer.of(255, 2, 3, 0))],
      ['bytes[0:0]', () => xdr(1, 1, Buffer.of(255, 0, 0, 0))],
      ['signed', () => xdr(3, 3, -1, 2, -128)],
      ['wide', () => xdr(3, 3, doubles(1, -2, 2 ** 53))],
      ['packed.packed[2][0:2]', () => xdr(3, 3, 2, 3, 4)],
      ['t.t[0:2:2][1]', () => xdr(2, 2, floats(1.1, 9.9))],
      ['t[1][2:3]', () => xdr(2, 2, floats(6.6, 7.7), 1, 1, doubles(1.5), 2, 2, floats(20, 10))],
      ['mixed.mixed[0][0:1]', () => xdr(2, 2, floats(9.969209968386869e36, 1))],
      ['name[0:1]', () => xdr(2, 2, Buffer.from('ab\0\0'), 5, Buffer.from('cdefg\0\0\0'))],
      ['flag', () => xdr(3, 1, Buffer.from('x\0\0\0'), 0, 1, Buffer.from('z\0\0\0'))],
      ['label', () => xdr(3, 0, 6, Buffer.from('zwölf\0\0'), 1, Buffer.from('c\0\0\0'))],
      ['crs,time', () => xdr(3, 3, doubles(0.5, 1.5, 2.5), 7)],
    ];
    for (const [constraint, expected] of answers)
      it(`of ${constraint}`, async () => assert.deepEqual(await dataOf(constraint), expected()));

    it('asks for stored values where pieces are stored alike, else for unpacked ones', async () => {
      await dataOf('packed.packed,mixed.mixed');
      assert.deepEqual(
        upstream.reads.map(({ stored }) => stored),
        [true, false],
      );
    });
  });

  describe('describes', () => {
    beforeEach(() => start());

    it('attributes with the types of what is sent', async () => {
      const { text, headers } = await ask('/dap/test/set.das');
      assert.equal(headers['content-description'], 'dods_das');
      assert.equal(headers.xdap, '2.0');
      const flat = text.replace(/\s+/g, ' ');
      assert.ok(
        flat.includes('packed { Int16 _FillValue -32768; Float32 scale_factor 0.009999999776482582; }'),
        flat,
      );
      assert.ok(flat.includes('mixed { Float32 _FillValue 9.969209968386869e+36; }'), flat);
      assert.ok(flat.includes('bytes { String _Unsigned "true"; }'), flat);
      assert.ok(flat.includes('name { Int32 DODS.strlen 5; String DODS.dimName "length"; }'), flat);
      assert.ok(flat.includes('NC_GLOBAL { String title "Say \\"hi\\""; }'), flat);
    });

    it('values as text', async () => {
      const { text } = await ask('/dap/test/set.ascii?t.t[0:1][0:1],name,crs');
      assert.ok(text.includes('t.t[2][2]\n[0], 0.0, 1.1\n[1], 4.4, 5.5\n'), text);
      assert.ok(text.includes('name[4]\n"ab", "cdefg", "hij", ""\n'), text);
      assert.ok(text.includes('crs\n7\n'), text);
    });

    it('a page for people, and a list in HTML and JSON', async () => {
      assert.match((await ask('/dap/test/set.html')).text, /<pre>Dataset \{/);
      assert.match((await ask('/dap/')).text, /<a href="\/dap\/test\/set\.html">/);
      assert.ok(!(await ask('/')).text.includes('<test>'));
      const { datasets } = JSON.parse((await ask('/', { accept: 'application/json' })).text);
      assert.deepEqual(datasets, [
        { name: 'test/set', version: 3, title: 'A <test>', cubes: 1, url: '/dap/test/set' },
      ]);
    });

    it('itself', async () => {
      assert.match((await ask('/dap/test/set.ver')).text, /DAP\/2\.0/);
      assert.equal((await ask('/livez')).status, 200);
      assert.equal((await ask('/readyz')).status, 200);
      assert.match((await ask('/metrics')).text, /hyperslab_dap_requests_total\{.*\} \d/);
    });

    it('HEAD without a body', async () => {
      for (const form of ['dds', 'dods?crs']) {
        const { status, body, headers } = await ask(`/dap/test/set.${form}`, { method: 'HEAD' });
        assert.equal(status, 200);
        assert.equal(body.length, 0);
        assert.ok(Number(headers['content-length']) > 0);
      }
      assert.equal(upstream.reads.length, 0);
    });
  });

  describe('refuses', () => {
    beforeEach(() => start());
    const refused: [string, number, RegExp][] = [
      ['/dap/other.dds', 404, /"other\\" is not published/],
      ['/dap/test/set.dds?nope', 400, /no variable/],
      ['/dap/test/set.dods?t[0:99][0]', 400, /indices 0 to 2/],
      ['/dap/test/set.dods?t&t>3', 400, /not supported/],
      ['/dap/test/set.dods?%ff', 400, /percent-encoded/],
      ['/nothing', 404, /expected \/dap\/NAME/],
    ];
    for (const [path, status, pattern] of refused)
      it(`${path} with a DAP error`, async () => {
        const answer = await ask(path);
        assert.equal(answer.status, status);
        assert.equal(answer.headers['content-description'], 'dods_error');
        assert.match(answer.text, /^Error \{\n {4}code = \d+;\n {4}message = ".*";\n\};\n$/s);
        assert.match(answer.text, pattern);
      });

    it('other methods and hosts', async () => {
      assert.equal((await ask('/dap/test/set.dds', { method: 'POST' })).status, 405);
      assert.equal((await ask('/dap/test/set.dds', { host: 'evil.example' })).status, 421);
      assert.equal((await ask('/dap/test/set.dds', { host: 'localhost:8080' })).status, 200);
    });

    it('a 64-bit integer that Float64 would change', async () => {
      const { status, text } = await ask('/dap/test/set.dods?wider[2]');
      assert.equal(status, 409);
      assert.match(text, /9007199254740993/);
    });
  });

  it('answers an error of the mesh that comes before any data', async () => {
    await start(smallDataset(), (upstream) => {
      upstream.read = async function* () {
        yield* [];
        throw new HyperslabError('OBJECT_CHANGED', 'a.nc was replaced since it was published');
      };
    });
    const { status, text } = await ask('/dap/test/set.dods?t');
    assert.equal(status, 409);
    assert.match(text, /a\.nc was replaced/);
  });

  it('refuses stored bytes of which a file is missing, since none of them means missing, and serves the others', async () => {
    const variables = [
      standIn('bytes', ['time', 'x'], {
        dtype: 'uint8',
        shape: [3, 2],
        values: Uint8Array.of(0, 1, 0, 0, 254, 255),
      }),
    ];
    await start(variables, (upstream) => {
      const { read } = upstream;
      upstream.read = async function* (request, signal) {
        const [{ start, count }] = request.ranges;
        // As the reader of the worker pool does it, of the second piece.
        if (request.stored && start <= 1 && start + count > 1)
          throw new HyperslabError('STORED_ALIKE_NEEDED', '"bytes": a piece is missing');
        yield* read(request, signal);
      };
    });
    for (const constraint of ['bytes', 'bytes[1][0:1]']) {
      const { status, text } = await ask(`/dap/test/set.dods?${constraint}`);
      assert.equal(status, 409);
      assert.match(text, /"bytes\\": a piece is missing/);
    }
    assert.deepEqual(await dataOf('bytes[2][0:1]'), xdr(2, 2, Buffer.of(254, 255, 0, 0)));
    assert.doesNotMatch((await ask('/dap/test/set.das')).text, /_FillValue/);
  });

  const large = (values = 1e6) => [
    standIn('big', ['y', 'x'], {
      dtype: 'float64',
      shape: [200, values / 200],
      values: new Float64Array(values),
    }),
  ];

  it('breaks off when the mesh fails in the middle', async () => {
    await start(large(), (upstream) => {
      const { read } = upstream;
      upstream.read = async function* (request, signal) {
        let frames = 0;
        for await (const frame of read(request, signal)) {
          if (++frames > 2000) throw new HyperslabError('WORKER_LOST', 'the worker is gone');
          yield frame;
        }
      };
    });
    await assert.rejects(ask('/dap/test/set.dods'), /aborted|socket hang up|ECONNRESET/);
  });

  it('reads no more than a slow client takes, and stops when it goes', async () => {
    let taken = 0;
    const values = 1e7;
    const frameBytes = 4000;
    await start(
      large(values),
      (upstream) => {
        const { read } = upstream;
        upstream.read = async function* (request, signal) {
          for await (const frame of read(request, signal)) {
            taken += frame.data.length;
            yield frame;
          }
        };
      },
      frameBytes,
    );
    const sent = get({ port: gateway.port, host: '127.0.0.1', path: '/dap/test/set.dods' });
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.pause();
    let before = -1;
    while (taken !== before) {
      before = taken;
      await delay(150);
    }
    // The system keeps some megabytes for each end of the connection.
    assert.ok(taken > 0 && taken < values * 4, `${taken} bytes`);
    response.destroy();
    for (let i = 0; i < 50 && upstream.aborted === 0; i++) await delay(20);
    assert.equal(upstream.aborted, 1);
  }).timeout(20_000);
});
