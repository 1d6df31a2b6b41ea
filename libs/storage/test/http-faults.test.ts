import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { createStorage, readHead, type Storage } from '../src/index.ts';
import { type Handler, type ObjectServer, serveObject, serveObjects } from './serve-objects.ts';
import { patternBytes, rejectsWith } from './store-contract.ts';

// What servers do wrong, and what networks do to what they do right.

describe('HTTP faults', () => {
  const bytes = patternBytes(10_000);
  const range = { offset: 100, length: 50 };
  let server: ObjectServer;
  let storage: Storage;
  before(async () => {
    server = await serveObjects();
    const retry = { attempts: 3, firstDelayMs: 5, longestDelayMs: 10 };
    storage = createStorage({ roots: [`${server.url}/data`], retry });
  });
  after(async () => {
    await storage.close();
    await server.close();
  });

  function sourceOf(name: string, handler: Handler) {
    server.handlers.set(`/data/${name}`, handler);
    return storage.open(`${server.url}/data/${name}`);
  }
  const countOf = (name: string) => server.requests.filter((request) => request.includes(name)).length;

  it('asks again, for state and bytes apart, when a server has no answer to both', async () => {
    const source = sourceOf('untold', (request, response) => {
      const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
      if (request.method === 'HEAD') response.writeHead(200, { 'content-length': bytes.length }).end();
      else {
        // Without the length of the whole.
        response.writeHead(206, { 'content-range': `bytes ${first}-${last}/*` });
        response.end(bytes.subarray(Number(first), Number(last) + 1));
      }
    });
    const head = await readHead(source, 500);
    assert.equal(head.version.size, bytes.length);
    assert.deepEqual(Buffer.from(head.bytes), Buffer.from(bytes.subarray(0, 500)));
  });

  it('makes no requests for a range that no object has', async () => {
    const source = sourceOf('endless', (request, response) => serveObject(bytes, request, response));
    const endless = { offset: 5, length: 9e15 };
    await rejectsWith('TOO_LARGE', source.read([range, endless]), /endless at byte 5: .* 9000000000000000/);
    assert.equal(countOf('/data/endless'), 0);
    await rejectsWith('SHORT_READ', source.read([{ offset: 5, length: 2 ** 33 }]), /endless/);
    assert.ok(countOf('/data/endless') < 100);
  });

  it('notices an object that changed where the server ignores If-Match', async () => {
    const source = sourceOf('ignoring', (request, response) => {
      delete request.headers['if-match'];
      serveObject(bytes, request, response);
    });
    const version = await source.stat();
    const expect = { ...version, etag: '"another"' };
    await rejectsWith('OBJECT_CHANGED', source.read([range], { expect }), /entity tag/);
  });

  it('compares weak entity tags, which If-Match can not', async () => {
    const source = sourceOf('weak', (request, response) => {
      assert.equal(request.headers['if-match'], undefined);
      response.writeHead(206, { 'content-range': 'bytes 100-149/10000', etag: 'W/"2"' });
      response.end(bytes.subarray(100, 150));
    });
    const expect = { size: 10_000, etag: 'W/"1"', modifiedUs: 0 };
    await rejectsWith('OBJECT_CHANGED', source.read([range], { expect }));
    assert.equal((await source.read([range], { expect: { ...expect, etag: 'W/"2"' } }))[0].length, 50);
  });

  it('tells how far the clock of a server is off, and nothing of one that is not', async () => {
    for (const aheadMs of [-3_600_000, 0, 15_000]) {
      const headers = { 'content-length': 10, 'last-modified': new Date(1e12).toUTCString() };
      const source = sourceOf(`clock${aheadMs}`, (_request, response) => {
        const aged = { ...headers, date: new Date(Date.now() + aheadMs - 7_000).toUTCString(), age: '7' };
        response.writeHead(200, aged).end();
      });
      const { clockAheadMs, modifiedUs } = await source.stat();
      assert.equal(modifiedUs, 1e15);
      if (aheadMs === 0) assert.equal(clockAheadMs, undefined);
      else assert.ok(Math.abs(clockAheadMs! - aheadMs) <= 2_000, `${clockAheadMs} for ${aheadMs}`);
    }
  });

  it('insists on a state of which only a tag, or a time, is told', async () => {
    const source = (name: string, headers: Record<string, string>) =>
      sourceOf(name, (_, response) => {
        response.writeHead(206, { 'content-range': 'bytes 100-149/10000', ...headers });
        response.end(bytes.subarray(100, 150));
      });
    const told = { size: 0, etag: '', modifiedUs: 0 };
    const tagged = { ...told, etag: '"a"' };
    const [same] = await source('same', { etag: '"a"' }).read([range], { expect: tagged });
    assert.equal(same.length, 50);
    await rejectsWith(
      'OBJECT_CHANGED',
      source('other', { etag: '"b"' }).read([range], { expect: tagged }),
      /"a".*"b"/,
    );
    await rejectsWith(
      'OBJECT_CHANGED',
      source('untagged', {}).read([range], { expect: tagged }),
      /found no entity tag/,
    );
    const date = Date.UTC(2026, 0, 2);
    const dated = { 'last-modified': new Date(date).toUTCString(), etag: '"a"' };
    const since = (ms: number) => ({ ...told, unmodifiedSinceUs: ms * 1000 });
    const [old] = await source('dated', dated).read([range], { expect: since(date) });
    assert.equal(old.length, 50);
    const expect = since(date - 1000);
    await rejectsWith(
      'OBJECT_CHANGED',
      source('dated', dated).read([range], { expect }),
      /no modification since .*, found a last modification at/,
    );
    await rejectsWith(
      'OBJECT_CHANGED',
      source('undated', {}).read([range], { expect }),
      /no time of last modification/,
    );
  });

  it('follows redirects within the roots', async () => {
    server.objects.set('/data/there', bytes);
    const source = sourceOf('here', (_request, response) => {
      response.writeHead(307, { location: '/data/there' }).end();
    });
    const [found] = await source.read([range]);
    assert.equal(found[0], bytes[100]);
  });

  it('follows no redirect out of the roots', async () => {
    server.objects.set('/private/there', bytes);
    for (const location of [
      '/private/there',
      'http://localhost:1/data/there',
      'file:///etc/passwd',
      '/data/../private/there',
      '/data/%2e%2e/private/there',
      '/database/there',
      'http://169.254.169.254/latest/meta-data/iam/',
      'http://[::ffff:169.254.169.254]/latest/',
      `//localhost.:${new URL(server.url).port}/data/there`,
      server.url.replace('http:', 'https:').concat('/data/there'),
      's3://bucket/there',
    ]) {
      const source = sourceOf(
        'away',
        (_request, response) => void response.writeHead(302, { location }).end(),
      );
      await rejectsWith('OUTSIDE_ROOTS', source.read([range]));
    }
    assert.equal(countOf('/private/there'), 0);
  });

  it('takes no redirect to a URL with a password, or to none', async () => {
    for (const location of [
      `http://user:secret@${new URL(server.url).host}/data/there`,
      'http://user:secret@',
    ]) {
      const source = sourceOf(
        'odd',
        (_request, response) => void response.writeHead(302, { location }).end(),
      );
      await assert.rejects(source.read([range]), (error) => {
        assert.ok(isHyperslabError(error, 'URL_INVALID'));
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    }
  });

  it('ends redirects that lead round', async () => {
    const source = sourceOf('round', (_request, response) => {
      response.writeHead(302, { location: '/data/round' }).end();
    });
    await rejectsWith('URL_INVALID', source.stat(), /redirects/);
  });

  it('asks for the first byte where HEAD is refused', async () => {
    const source = sourceOf('headless', (request, response) => {
      if (request.method === 'HEAD') response.writeHead(405).end();
      else serveObject(bytes, request, response);
    });
    assert.equal((await source.stat()).size, bytes.length);
  });

  it('ends a request that nobody wants any more', async () => {
    let closed: (() => void) | undefined;
    const seen = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const source = sourceOf('endless', (_request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 100-149/10000' });
      response.write(bytes.subarray(100, 110));
      response.on('close', () => closed!());
    });
    const abort = new AbortController();
    const read = source.read([range], { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await rejectsWith('CANCELLED', read);
    await seen;
  });

  it('says that a server is not there', async () => {
    const away = createStorage({
      roots: ['http://127.0.0.1:9'],
      retry: { attempts: 1, firstDelayMs: 1, longestDelayMs: 1 },
    });
    await rejectsWith('STORAGE_UNAVAILABLE', away.open('http://127.0.0.1:9/x').stat(), /can't be reached/);
    await away.close();
  });
});
