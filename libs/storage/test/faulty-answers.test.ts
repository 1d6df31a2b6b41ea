import assert from 'node:assert/strict';
import { createStorage, type Storage } from '../src/index.ts';
import { type Handler, type ObjectServer, serveObject, serveObjects } from './serve-objects.ts';
import { patternBytes, rejectsWith } from './store-contract.ts';

// Answers to a range that are none, from a web server and from one of S3, whose bucket is `data`.
for (const kind of ['http', 's3'] as const) {
  describe(`faulty answers of ${kind}`, () => {
    const bytes = patternBytes(10_000);
    const range = { offset: 100, length: 50 };
    let server: ObjectServer;
    let storage: Storage;
    let base: string;
    before(async () => {
      server = await serveObjects();
      base = kind === 's3' ? 's3://data/' : `${server.url}/data/`;
      const retry = { attempts: 3, firstDelayMs: 5, longestDelayMs: 10 };
      const env = { AWS_NO_SIGN_REQUEST: 'YES', AWS_ENDPOINT_URL: server.url, AWS_REGION: 'us-east-1' };
      storage = createStorage({ roots: [base], retry, env });
    });
    after(async () => {
      await storage.close();
      await server.close();
    });

    function sourceOf(name: string, handler: Handler) {
      server.handlers.set(`/data/${name}`, handler);
      return storage.open(base + name);
    }
    const countOf = (name: string) => server.requests.filter((request) => request.includes(name)).length;

    it('refuses the whole object for a range, at once', async () => {
      const source = sourceOf('whole', (_request, response) => void response.end(bytes));
      await rejectsWith('RANGES_UNSUPPORTED', source.read([range]), /206/);
      assert.equal(countOf('/data/whole'), 1);
    });

    it('refuses another range than was asked for', async () => {
      const source = sourceOf('shifted', (_request, response) => {
        response.writeHead(206, { 'content-range': 'bytes 0-49/10000' });
        response.end(bytes.subarray(0, 50));
      });
      await rejectsWith('RANGES_UNSUPPORTED', source.read([range]), /bytes 0 to 49/);
    });

    it('refuses a range without Content-Range', async () => {
      const source = sourceOf('unsaid', (_request, response) => {
        response.writeHead(206).end(bytes.subarray(100, 150));
      });
      await rejectsWith('RANGES_UNSUPPORTED', source.read([range]), /Content-Range/);
    });

    it('refuses more bytes than were asked for', async () => {
      const source = sourceOf('longer', (_request, response) => {
        response.writeHead(206, { 'content-range': 'bytes 100-149/10000' });
        response.end(bytes.subarray(100, 400));
      });
      await rejectsWith('RANGES_UNSUPPORTED', source.read([range]), /more bytes/);
    });

    it('refuses compressed bytes', async () => {
      const source = sourceOf('gzip', (_request, response) => {
        const headers = { 'content-range': 'bytes 100-149/10000', 'content-encoding': 'gzip' };
        response.writeHead(206, headers).end(bytes.subarray(100, 150));
      });
      await rejectsWith('RANGES_UNSUPPORTED', source.read([range]), /gzip/);
    });

    it('says SHORT_READ when the connection is cut, after trying again', async () => {
      const source = sourceOf('cut', (_request, response) => {
        response.writeHead(206, { 'content-range': 'bytes 100-149/10000', 'content-length': 50 });
        response.write(bytes.subarray(100, 120));
        setTimeout(() => response.destroy(), 10);
      });
      await rejectsWith('SHORT_READ', source.read([range]), /expected 50 bytes, found 20/);
      assert.equal(countOf('/data/cut'), 3);
    });

    it('reads after failures that pass', async () => {
      let failures = 2;
      const source = sourceOf('flaky', (request, response) => {
        if (failures-- > 0) response.writeHead(503).end();
        else serveObject(bytes, request, response);
      });
      const [found] = await source.read([range]);
      assert.deepEqual(Buffer.from(found), Buffer.from(bytes.subarray(100, 150)));
    });

    it('gives up after failures that stay', async () => {
      const source = sourceOf('down', (_request, response) => void response.writeHead(500).end());
      await rejectsWith('STORAGE_UNAVAILABLE', source.read([range]), /500/);
      assert.equal(countOf('/data/down'), 3);
    });

    it('does not try again what is forbidden', async () => {
      const source = sourceOf('secret', (_request, response) => void response.writeHead(403).end());
      await rejectsWith('ACCESS_DENIED', source.read([range]));
      assert.equal(countOf('/data/secret'), 1);
    });
  });
}
