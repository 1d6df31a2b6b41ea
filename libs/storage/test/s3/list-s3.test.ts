import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createStorage, type Storage } from '../../src/index.ts';
import { rejectsWith } from '../store-contract.ts';

const perPage = 1000;

/** A page of a listing as S3 has it (Amazon S3 API reference, "ListObjectsV2"). */
function pageOf(page: number, pages: number, further = ''): string {
  const keys = Array.from(
    { length: perPage },
    (_, row) => `run/${String(page * perPage + row).padStart(9, '0')}.nc`,
  );
  const contents = keys.map(
    (key) =>
      `<Contents><Key>${key}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified><ETag>&quot;${key.slice(4, 13)}&quot;</ETag><Size>7</Size></Contents>`,
  );
  const isLast = page + 1 === pages;
  const next = isLast ? '' : `<NextContinuationToken>${page + 1}</NextContinuationToken>`;
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${next}${further}${contents.join('')}</ListBucketResult>`;
}

describe('listings of S3', function () {
  this.timeout(60_000);
  let server: Server;
  let storage: Storage;
  let asked: number[] = [];
  let answer: (page: number, response: ServerResponse) => void;

  before(async () => {
    server = createServer((request, response) => {
      const page = Number(new URL(request.url!, 'http://s3').searchParams.get('continuation-token') ?? 0);
      asked.push(page);
      answer(page, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { AWS_NO_SIGN_REQUEST: 'YES', AWS_ENDPOINT_URL: endpoint, AWS_MAX_ATTEMPTS: '1' };
    storage = createStorage({ roots: ['s3://bucket/run/'], env });
  });
  beforeEach(() => {
    asked = [];
  });
  after(async () => {
    await storage.close();
    server.closeAllConnections();
    server.close();
  });

  async function count(most = Infinity): Promise<number> {
    let found = 0;
    for await (const { url, size, etag } of storage.list('s3://bucket/run/*.nc')) {
      if (found >= most) break;
      const number = String(found++).padStart(9, '0');
      assert.deepEqual([url, size, etag], [`s3://bucket/run/${number}.nc`, 7, `"${number}"`]);
    }
    return found;
  }

  it('come page by page, in order, and no more of them than are wanted', async () => {
    answer = (page, response) => response.end(pageOf(page, 1000));
    assert.equal(await count(2500), 2500);
    assert.deepEqual(asked, [0, 1, 2]);
  });

  it('hold one page in memory, however many there are', async () => {
    answer = (page, response) => response.end(pageOf(page, 60));
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    let early = 0;
    let found = 0;
    for await (const _ of storage.list('s3://bucket/run/')) {
      if (++found !== 10 * perPage && found !== 60 * perPage) continue;
      collect();
      const { heapUsed } = process.memoryUsage();
      if (early === 0) early = heapUsed;
      else assert.ok(heapUsed < early + 8 * 1024 * 1024, `${heapUsed} bytes, after ${early}`);
    }
    assert.equal(found, 60 * perPage);
    assert.equal(asked.length, 60);
  });

  it('that do not say where they go on are no end, and no circle', async () => {
    answer = (page, response) =>
      response.end(pageOf(page, 3).replace(/<NextContinuationToken>.*<\/NextContinuationToken>/, ''));
    await rejectsWith('STORAGE_UNAVAILABLE', count(), /does not say where the next one begins/);
    answer = (page, response) => {
      const same = '<NextContinuationToken>1</NextContinuationToken>';
      response.end(pageOf(page, 3).replace(/<NextContinuationToken>.*<\/NextContinuationToken>/, same));
    };
    await rejectsWith('STORAGE_UNAVAILABLE', count(), /does not say where the next one begins/);
    assert.deepEqual(asked, [0, 0, 1]);
  });

  it('of which a page is cut off or refused are no shorter ones', async () => {
    answer = (page, response) => {
      const body = pageOf(page, 3);
      response.writeHead(200, { 'content-length': body.length });
      if (page < 2) response.end(body);
      else response.write(body.slice(0, 50_000), () => response.destroy());
    };
    await rejectsWith('STORAGE_UNAVAILABLE', count());
    answer = (page, response) => {
      const refusal = '<Error><Code>AccessDenied</Code></Error>';
      if (page < 1) response.end(pageOf(page, 3));
      else response.writeHead(403, { 'content-type': 'application/xml' }).end(refusal);
    };
    await rejectsWith('ACCESS_DENIED', count());
  });
});
