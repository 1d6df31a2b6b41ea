import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { withTemporaryDirectory } from '@hyperslab/testing';
import { createStorage } from '../../src/index.ts';
import { createS3Access } from '../../src/s3/s3-access.ts';
import { serveObject } from '../serve-objects.ts';
import { rejectsWith } from '../store-contract.ts';

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

  for (const payer of ['requester', undefined]) {
    it(`${payer === undefined ? 'says nothing of' : 'signs'} who pays for reading and listing`, async function () {
      this.timeout(10_000);
      const requests = await requestsOf({ ...keys, ...(payer && { AWS_REQUEST_PAYER: payer }) });
      assert.deepEqual(requests.map(({ method }) => method).sort(), ['GET', 'GET', 'HEAD']);
      for (const { headers } of requests) {
        assert.equal(headers['x-amz-request-payer'], payer);
        const signed = /SignedHeaders=[^,]*x-amz-request-payer/.test(headers.authorization ?? '');
        assert.equal(signed, payer !== undefined);
      }
    });
  }

  it('refuses another payer by name', () =>
    assert.throws(
      () => createS3Access({ AWS_REQUEST_PAYER: 'me' }),
      /AWS_REQUEST_PAYER: expected "requester" or nothing, found "me"/,
    ));

  it('is anonymous where nobody gave credentials, and where none are wanted', async function () {
    this.timeout(20_000);
    const found = await withEnvironment({}, () => requestsOf({}));
    const unwanted = await requestsOf({ ...keys, AWS_NO_SIGN_REQUEST: 'YES' });
    for (const requests of [found, unwanted]) {
      assert.equal(requests.length, 3);
      for (const { headers } of requests) assert.equal(headers.authorization, undefined);
    }
  });

  it('takes credentials of a profile', () =>
    withTemporaryDirectory(async (folder) => {
      const path = join(folder, 'credentials');
      await writeFile(path, '[run]\naws_access_key_id = of-profile\naws_secret_access_key = secret\n');
      const environment = { AWS_SHARED_CREDENTIALS_FILE: path, AWS_PROFILE: 'run' };
      await signsAs('of-profile', environment);
    }));

  it('takes credentials of a container', async () => {
    const answer = {
      AccessKeyId: 'of-container',
      SecretAccessKey: 'secret',
      Token: 'token',
      Expiration: later,
    };
    const metadata = await answering((_request, response) => response.end(JSON.stringify(answer)));
    try {
      await signsAs('of-container', { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${metadata.url}/role` });
    } finally {
      metadata.close();
    }
  });

  it('takes credentials of the instance', async () => {
    const answer = {
      Code: 'Success',
      AccessKeyId: 'of-instance',
      SecretAccessKey: 'secret',
      Token: 'token',
      Expiration: later,
    };
    const metadata = await answering(({ method, url }, response) => {
      if (method === 'PUT') response.end('token');
      else response.end(url!.endsWith('/security-credentials/') ? 'role' : JSON.stringify(answer));
    });
    try {
      const own = { AWS_EC2_METADATA_DISABLED: '', AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url };
      await signsAs('of-instance', own);
    } finally {
      metadata.close();
    }
  });

  it('takes credentials of a web identity', () =>
    withTemporaryDirectory(async (folder) => {
      const token = join(folder, 'token');
      await writeFile(token, 'of-kubernetes');
      const bodies: string[] = [];
      const sts = await answering((request, response) => {
        request.on('data', (chunk) => bodies.push(String(chunk)));
        request.on('end', () => response.end(roleAnswer));
      });
      try {
        await signsAs('of-identity', {
          AWS_WEB_IDENTITY_TOKEN_FILE: token,
          AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/reader',
          AWS_ENDPOINT_URL_STS: sts.url,
          AWS_REGION: 'us-east-1',
        });
        assert.match(bodies.join(''), /WebIdentityToken=of-kubernetes/);
      } finally {
        sts.close();
      }
    }));

  it('does not go without credentials that were named and are not there', () =>
    withEnvironment({ AWS_PROFILE: 'absent' }, async () => {
      const access = createS3Access({ AWS_PROFILE: 'absent', AWS_ENDPOINT_URL: 'http://host:1' });
      await assert.rejects(access.client(), (error) => {
        assert.ok(isHyperslabError(error, 'ACCESS_DENIED'));
        assert.match(error.message, /^AWS_PROFILE: no credentials of S3 come from it/);
        return true;
      });
    }));

  it('follows no redirect to another region, and says which', async () => {
    const seen: string[] = [];
    const elsewhere = await answering(({ url }, response) => {
      seen.push(url!);
      response.end();
    });
    const server = await answering((_request, response) => {
      const headers = { location: `${elsewhere.url}/x`, 'x-amz-bucket-region': 'eu-west-1' };
      response.writeHead(301, headers).end('<Error><Code>PermanentRedirect</Code></Error>');
    });
    const storage = createStorage({ roots: ['s3://open'], env: { ...keys, AWS_ENDPOINT_URL: server.url } });
    try {
      const source = storage.open('s3://open/a.nc');
      const message = /is in region eu-west-1; set AWS_REGION=eu-west-1/;
      await rejectsWith('URL_INVALID', source.stat(), message);
      await rejectsWith('URL_INVALID', source.read([{ offset: 0, length: 1 }]), message);
      const listed = storage.list('s3://open/run/')[Symbol.asyncIterator]().next();
      await rejectsWith('URL_INVALID', listed, /another region; set AWS_REGION/);
      assert.deepEqual(seen, []);
    } finally {
      await storage.close();
      server.close();
      elsewhere.close();
    }
  });
});

const later = new Date(Date.now() + 3_600_000).toISOString();
const roleAnswer = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>of-identity</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
<SessionToken>token</SessionToken><Expiration>${later}</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>`;

/** A server on loopback that answers all requests alike. */
async function answering(answer: RequestListener): Promise<{ url: string; close(): void }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What a server sees of a HEAD, a GET and a listing by a storage with these settings. */
async function requestsOf(env: Record<string, string>): Promise<IncomingMessage[]> {
  const requests: IncomingMessage[] = [];
  const server = await answering((request, response) => {
    requests.push(request);
    if (request.url!.includes('list-type')) response.end('<ListBucketResult></ListBucketResult>');
    else serveObject(Uint8Array.from([1, 2, 3]), request, response);
  });
  const storage = createStorage({ roots: ['s3://open'], env: { ...env, AWS_ENDPOINT_URL: server.url } });
  try {
    const source = storage.open('s3://open/a.nc');
    assert.equal((await source.stat()).size, 3);
    assert.deepEqual([...(await source.read([{ offset: 1, length: 1 }]))[0]], [2]);
    const listed = storage.list('s3://open/run/')[Symbol.asyncIterator]().next();
    await rejectsWith('OBJECT_NOT_FOUND', listed, /no object matches/);
  } finally {
    await storage.close();
    server.close();
  }
  return requests;
}

/** Signs as this key when only the environment of the process tells of credentials. */
async function signsAs(key: string, environment: Record<string, string>): Promise<void> {
  await withEnvironment(environment, async () => {
    const access = createS3Access({ ...environment, AWS_ENDPOINT_URL: 'http://host:1' });
    const { authorization } = await access.authorise('GET', access.requestUrl('b', 'k'));
    assert.match(authorization, new RegExp(`Credential=${key}/`));
    access.close();
  });
}

/** Calls with an environment of the process in which nothing else tells of credentials: files, or a cloud's machine. */
async function withEnvironment<T>(environment: Record<string, string>, body: () => Promise<T>): Promise<T> {
  const saved = { ...process.env };
  const nowhere = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SHARED_CREDENTIALS_FILE: '/none',
    AWS_CONFIG_FILE: '/none',
  };
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, nowhere, environment);
  try {
    return await body();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  }
}
