import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createStorage } from '../../src/index.ts';
import { createS3Access } from '../../src/s3/s3-access.ts';
import { serveObject } from '../serve-objects.ts';

const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };

describe('access to S3', () => {
  it('writes keys into URLs as signatures want them', () => {
    const access = createS3Access({ AWS_ENDPOINT_URL: 'http://host:1/' });
    assert.equal(
      access.requestUrl('b', "a b/ü+(1)*'!.nc"),
      'http://host:1/b/a%20b/%C3%BC%2B%281%29%2A%27%21.nc',
    );
  });

  it('goes to Amazon in the region that is set', () => {
    const access = createS3Access({ AWS_REGION: 'eu-north-1' });
    assert.equal(access.requestUrl('b', 'k'), 'https://s3.eu-north-1.amazonaws.com/b/k');
  });

  it('signs once for many requests of an object, and apart for each method', async () => {
    const access = createS3Access({ ...keys, AWS_ENDPOINT_URL: 'http://host:1' });
    const url = access.requestUrl('b', 'k');
    const [first, again, head] = [
      await access.authorise('GET', url),
      await access.authorise('GET', url),
      await access.authorise('HEAD', url),
    ];
    assert.equal(first, again);
    assert.match(first.authorization, /^AWS4-HMAC-SHA256 Credential=key\//);
    assert.doesNotMatch(first.authorization, /SignedHeaders=[^,]*range/);
    assert.notEqual(first.authorization, head.authorization);
  });

  it('is anonymous where nobody gave credentials', async function () {
    this.timeout(10_000);
    const requests: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      requests.push(request);
      if (request.url!.includes('list-type')) response.end('<ListBucketResult></ListBucketResult>');
      else serveObject(Uint8Array.from([1, 2, 3]), request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // What the SDK looks for besides: files in the home folder, and the metadata of a cloud's machine.
    const saved = { ...process.env };
    const nowhere = {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: '/none',
      AWS_CONFIG_FILE: '/none',
    };
    Object.assign(process.env, nowhere);
    for (const name of Object.keys(keys)) delete process.env[name];
    try {
      const storage = createStorage({ roots: ['s3://open'], env: { AWS_ENDPOINT_URL: endpoint } });
      const [found] = await storage.open('s3://open/a.nc').read([{ offset: 1, length: 1 }]);
      assert.deepEqual([...found], [2]);
      for await (const _ of storage.list('s3://open/run/')) assert.fail('nothing is there');
    } catch (error) {
      assert.match(String(error), /no object matches/);
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
      Object.assign(process.env, saved);
      server.closeAllConnections();
      server.close();
    }
    assert.equal(requests.length, 2);
    for (const { headers } of requests) assert.equal(headers.authorization, undefined);
  });
});
