import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { dapUrl, dataRequest } from '@hyperslab/dap';
import { Agent } from 'undici';
import { answerSource } from '../../src/dap/answer-source.ts';
import { createStorage, type Storage } from '../../src/index.ts';
import { Limiter } from '../../src/limiter.ts';
import { type Handler, type ObjectServer, serveObjects } from '../serve-objects.ts';
import { rejectsWith } from '../store-contract.ts';

const values = [1, -2, 300, 4, 5, 6];
const shape = [2, 3];

/** Values of a box of the array, little-endian, as they are to be read. */
const stored = Buffer.from(Int16Array.from(values).buffer);

const dds = (type = 'Int16', extents = shape, name = 't') =>
  `Dataset { ${type} ${name}${extents.map((extent) => `[${extent}]`).join('')}; } x;\nData:\n`;
function dods(text = dds(), count = values.length): Buffer {
  const body = Buffer.alloc(8 + 4 * values.length);
  body.writeUInt32BE(count, 0);
  body.writeUInt32BE(count, 4);
  for (const [i, value] of values.entries()) body.writeInt32BE(value, 8 + 4 * i);
  return Buffer.concat([Buffer.from(text), body]);
}

function frame(flags: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  head[0] = flags;
  return Buffer.concat([head, data]);
}
const dmr = (extents = shape) =>
  Buffer.from(
    `<Dataset name="x"><Int16 name="t">${extents.map((extent) => `<Dim size="${extent}"/>`).join('')}</Int16></Dataset>`,
  );
function dap(sum = crc32(stored)): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(sum);
  return Buffer.concat([frame(4, dmr()), frame(5, Buffer.concat([stored, checksum]))]);
}

const retry = { attempts: 3, firstDelayMs: 1, longestDelayMs: 2 };

describe('servers of DAP that do not tell the truth', () => {
  let server: ObjectServer;
  let storage: Storage;
  const dispatcher = new Agent();
  const unlimited = { dispatcher, limiter: new Limiter(1), retry, answerMs: 60_000 };
  before(async () => {
    server = await serveObjects();
    storage = createStorage({ roots: [`${server.url}/data`], retry });
  });
  after(async () => {
    await Promise.all([storage.close(), dispatcher.close()]);
    await server.close();
  });
  beforeEach(() => server.handlers.clear());

  const space = { id: 't', type: 'Int16', width: 2, shape, chunkShape: shape };
  const open = (protocol: 'dap2' | 'dap4') =>
    storage.open(
      dapUrl(protocol, `${server.url}/data/x.nc`, protocol === 'dap2' ? space : { ...space, id: '/t' }),
    );
  const whole = [{ offset: 0, length: stored.length }];
  const read = async (protocol: 'dap2' | 'dap4', ...answers: (Uint8Array | Handler)[]) => {
    let asked = 0;
    server.handlers.set(`/data/x.nc.${protocol === 'dap2' ? 'dods' : 'dap'}`, (request, response) => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (typeof answer === 'function') answer(request, response);
      else response.end(answer);
    });
    return Buffer.from((await open(protocol).read(whole))[0]);
  };
  const status =
    (code: number, body = ''): Handler =>
    (_, response) =>
      response.writeHead(code).end(body);

  it('an honest one is read, after failures that pass too', async () => {
    assert.deepEqual(await read('dap2', dods()), stored);
    assert.deepEqual(await read('dap4', dap()), stored);
    assert.deepEqual(await read('dap2', status(503), dods().subarray(0, -3), dods()), stored);
    const broken: Handler = (_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('Dataset');
      setTimeout(() => response.destroy(), 5);
    };
    assert.deepEqual(await read('dap4', broken, dap()), stored);
  });

  const url = /x\.nc#dap[24]&variable=\/?t&type=Int16&shape=2,3&chunks=2,3: /;
  const says = (text: string) => new RegExp(url.source + text);

  it('short answers, again and again', async () => {
    for (const cut of [1, 8, 24, 30, 60]) {
      await rejectsWith('SHORT_READ', read('dap2', dods().subarray(0, -cut)), says('expected .* ends after'));
    }
    await rejectsWith(
      'SHORT_READ',
      read('dap4', dap().subarray(0, -5)),
      says('expected a chunk of 16 bytes'),
    );
    await rejectsWith(
      'SHORT_READ',
      read('dap4', frame(4, dmr())),
      says('expected the header of another chunk'),
    );
  });

  it('longer ones, another shape, type, name or count', async () => {
    const corrupt: ['dap2' | 'dap4', Uint8Array, string][] = [
      ['dap2', Buffer.concat([dods(), Buffer.alloc(4)]), 'expected 32 bytes of values, found 4 more'],
      [
        'dap2',
        dods(dds('Int16', [3, 2])),
        'expected "t" with the shape \\[2, 3\\], found \\[3, 2\\]; .* or it was replaced: publish it again',
      ],
      [
        'dap2',
        dods(dds('Int32')),
        'expected values of "t" of type Int16, found Int32; .* or it was replaced: publish it again',
      ],
      ['dap2', dods(dds('Int16', shape, 'u')), 'expected values of "t", found those of "u"'],
      ['dap2', dods(dds(), 7), 'expected a count of 6 values of "t"'],
      ['dap4', Buffer.concat([dap(), Buffer.alloc(1)]), 'expected the end behind the last chunk'],
      ['dap4', Buffer.concat([frame(4, dmr([6])), frame(5, stored)]), 'expected "/t" with the shape'],
      ['dap4', Buffer.from('<html><body>Log in</body></html>'), 'expected .*, found an HTML page'],
      ['dap2', Buffer.from('<!DOCTYPE html><p>Log in'), 'expected .*, found an HTML page'],
      ['dap2', Buffer.alloc(0), 'expected a data answer of DAP2, found an empty answer'],
    ];
    for (const [protocol, answer, text] of corrupt) {
      await rejectsWith('FORMAT_CORRUPT', read(protocol, answer), says(text));
    }
  });

  it('another checksum', () =>
    rejectsWith('CHECKSUM_MISMATCH', read('dap4', dap(7)), says('variable "t": expected CRC-32 7')));

  it('damage on the way is mended by asking again', async () => {
    assert.deepEqual(await read('dap4', dap(7), dap(8), dap()), stored);
    let asked = 0;
    const answers = [dap(7), dap().subarray(0, -3), dap()];
    server.handlers.set('/data/x.nc.dap', (_, response) => response.end(answers[Math.min(asked++, 2)]));
    const source = storage.open(dapUrl('dap4', `${server.url}/data/x.nc`, dataRequest('dap4', ['/t'])));
    const [answer] = await source.read([{ offset: 0, length: dap().length }]);
    assert.deepEqual([Buffer.from(answer), asked], [dap(), 3]);
    // But not without end.
    asked = 0;
    const patient = createStorage({ roots: [server.url], retry: { ...retry, attempts: 9 } });
    server.handlers.set('/data/x.nc.dap', (_, response) => response.end(asked++ < 99 ? dap(7) : dap()));
    await rejectsWith('CHECKSUM_MISMATCH', patient.open(open('dap4').url).read(whole));
    await patient.close();
    assert.equal(asked, 3);
  });

  it('errors with status 200, in the middle of an answer, and with other statuses', async () => {
    const text = 'Error { code = 3; message = "no such \\"t\\""; };';
    const said = says('the server answered an error 3, "no such "t""');
    await rejectsWith('STORAGE_UNAVAILABLE', read('dap2', Buffer.from(text)), said);
    await rejectsWith('STORAGE_UNAVAILABLE', read('dap2', status(400, text)), said);
    const error = '<Error httpcode="500"><Message>disk\n failed</Message></Error>';
    const middle = Buffer.concat([
      frame(4, dmr()),
      frame(4, stored.subarray(4)),
      frame(3, Buffer.from(error)),
    ]);
    await rejectsWith(
      'STORAGE_UNAVAILABLE',
      read('dap4', middle),
      says('the server answered an error 500, "disk failed"'),
    );
    await rejectsWith('OBJECT_NOT_FOUND', read('dap2', status(404)), says('the server answered 404'));
    for (const code of [401, 403]) {
      const denied = says(`the server answered ${code}; web servers are sent no credentials`);
      await rejectsWith('ACCESS_DENIED', read('dap2', status(code)), denied);
    }
  });

  it('a refusal is asked for once', async () => {
    for (const refused of [status(400), Buffer.from('Error { code = 404; message = "gone"; };')]) {
      const before = server.requests.length;
      await rejectsWith(
        'STORAGE_UNAVAILABLE',
        read('dap2', refused),
        says('the server answered an error 40'),
      );
      assert.equal(server.requests.length, before + 1);
    }
    assert.deepEqual(await read('dap2', status(429), dods()), stored);
  });

  it('answers without end', async () => {
    const endless: Handler = (_, response) => {
      const part = Buffer.alloc(1 << 20, 32);
      const more = () => {
        while (!response.destroyed && response.write(part));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    await rejectsWith('TOO_LARGE', read('dap2', endless), says('expected an answer of at most'));
  });

  it('answers that come a byte at a time', async () => {
    let asked = 0;
    server.handlers.set('/data/x.nc.dds', (_, response) => {
      asked++;
      response.write('Dataset {');
      const timer = setInterval(() => response.write(' '), 5);
      response.once('close', () => clearInterval(timer));
    });
    const access = { ...unlimited, answerMs: 100, assertAllowed: () => {} };
    const target = { protocol: 'dap2' as const, dataSet: `${server.url}/data/x.nc`, request: '.dds' };
    const source = answerSource(`${target.dataSet}#dap2`, target, access);
    await rejectsWith(
      'STORAGE_UNAVAILABLE',
      source.stat(),
      /x\.nc#dap2: the server did not answer within 0.1 s/,
    );
    assert.equal(asked, retry.attempts);
    const wanted = new AbortController();
    setTimeout(() => wanted.abort(), 10);
    await rejectsWith('CANCELLED', source.stat(wanted.signal));
  });

  it('one that makes its answer for long is waited for, up to the deadline of answers alone', async () => {
    const limits: unknown[] = [];
    const observed = dispatcher.compose((dispatch) => (options, handler) => {
      limits.push(options.headersTimeout, options.bodyTimeout);
      return dispatch(options, handler);
    });
    server.handlers.set('/data/x.nc.dds', (_, response) => response.end(dds()));
    const target = { protocol: 'dap2' as const, dataSet: `${server.url}/data/x.nc`, request: '.dds' };
    const access = { ...unlimited, dispatcher: observed, assertAllowed: () => {} };
    assert.equal((await answerSource('x', target, access).stat()).size, dds().length);
    assert.deepEqual(limits, [0, 0]);
  });

  it('URLs of others that stand for requests without end are read by none', async () => {
    const asked = server.requests.length;
    const large = { ...space, type: 'Int8', width: 1, shape: [1e6, 1e6], chunkShape: [1, 1] };
    const source = (shape: object) =>
      storage.open(dapUrl('dap2', `${server.url}/data/x.nc`, { ...large, ...shape }));
    const read = (shape: object, length: number) => source(shape).read([{ offset: 0, length }]);
    await rejectsWith('TOO_LARGE', read({}, 70_000), /at most 65536 chunks to read at once/);
    await rejectsWith('TOO_LARGE', read({ chunkShape: [1, 1e6] }, 1e12), /at most 8589934592 bytes/);
    assert.equal(server.requests.length, asked);
  });

  it('a data set that was modified since it was indexed', async () => {
    const first = Buffer.concat([
      Buffer.from(dds('Int16', [1, 1])),
      Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]),
    ]);
    const at =
      (time: string): Handler =>
      ({ url }, response) =>
        response.writeHead(200, { 'last-modified': time }).end(url?.endsWith('?t') ? dods() : first);
    await read('dap2', at('Thu, 01 Jan 2026 00:00:00 GMT'));
    const expect = await open('dap2').stat();
    assert.equal(expect.modifiedUs, Date.UTC(2026, 0, 1) * 1000);
    await open('dap2').read(whole, { expect });
    server.handlers.set('/data/x.nc.dods', at('Fri, 02 Jan 2026 00:00:00 GMT'));
    await rejectsWith(
      'OBJECT_CHANGED',
      open('dap2').read(whole, { expect }),
      says('expected a last modification at 2026-01-01'),
    );
    // Times that servers make up for each answer tell nothing.
    server.handlers.set('/data/x.nc.dods', at(new Date().toUTCString()));
    assert.equal((await open('dap2').stat()).modifiedUs, 0);
  });

  it('redirects lead within the roots only', async () => {
    const to =
      (target: string): Handler =>
      (_, response) =>
        response.writeHead(302, { location: target }).end();
    server.handlers.set('/data/y.nc.dods', (_, response) => response.end(dods()));
    assert.deepEqual(await read('dap2', to('/data/y.nc.dods')), stored);
    for (const target of ['/secret/x.nc.dods', 'http://127.0.0.1:1/data/x.nc.dods', '/data/../secret.dods']) {
      await rejectsWith('OUTSIDE_ROOTS', read('dap2', to(target)));
    }
    for (const text of [
      `${server.url}/secret/x.nc#dap2`,
      'dap4://127.0.0.1:9/data/x.nc',
      `${server.url}/#dap4`,
    ]) {
      assert.throws(() => storage.open(text), /outside the data roots/);
    }
  });

  it('no answer that a URL names is outside the roots', async () => {
    for (const path of ['/secret', '/data2/secret']) {
      server.handlers.set(path, (_, response) => response.end('secret'));
    }
    const asked = server.requests.length;
    for (const text of ['x#dap4&answer=/../../secret', 'x#dap2&answer=/%2e%2e/%2e%2e/secret']) {
      assert.throws(() => storage.open(`${server.url}/data/${text}`), /expected an answer that is/);
    }
    assert.throws(
      () => storage.open(`${server.url}/data#dap4&answer=2/secret`),
      /expected an answer that is/,
    );
    const access = { ...unlimited, assertAllowed: (url: string) => void storage.open(url) };
    const target = { protocol: 'dap2' as const, dataSet: `${server.url}/data`, request: '2/secret' };
    await rejectsWith('OUTSIDE_ROOTS', answerSource(server.url, target, access).stat());
    assert.equal(server.requests.length, asked);
  });

  it('small values are asked for with their checksums', async () => {
    const questions: (string | undefined)[] = [];
    server.handlers.set('/data/x.nc.dap', ({ url }, response) => {
      questions.push(url);
      response.end(dap());
    });
    const source = storage.open(dapUrl('dap4', `${server.url}/data/x.nc`, dataRequest('dap4', ['/t', '/u'])));
    assert.equal((await source.stat()).size, dap().length);
    assert.deepEqual(questions, ['/data/x.nc.dap?dap4.ce=/t%3B/u&dap4.checksum=true']);
  });

  it('a read that nobody wants any more is ended', async () => {
    const wanted = new AbortController();
    server.handlers.set('/data/x.nc.dods', () => wanted.abort());
    await rejectsWith('CANCELLED', open('dap2').read(whole, { signal: wanted.signal }));
    await rejectsWith('SHORT_READ', open('dap2').read([{ offset: 8, length: 5 }]));
    await rejectsWith('INVALID_ARGUMENT', open('dap2').read([{ offset: -1, length: 5 }]));
  });
});
