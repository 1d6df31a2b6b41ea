import assert from 'node:assert/strict';
import { request } from 'node:http';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { WorkerLinkServiceService } from '@hyperslab/proto/scheduler';
import { createLogger } from '@hyperslab/telemetry';
import { service as healthService } from 'grpc-health-check';
import { duplex, implement, type RunningServer, serve, unary } from '../src/index.ts';

interface HttpAnswer {
  status?: number;
  body: string;
}

function get(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, method }, async (response) => {
      const body = Buffer.concat(await Array.fromAsync(response)).toString();
      resolve({ status: response.statusCode, body });
    })
      .on('error', reject)
      .end();
  });
}

describe('what every server serves beside its services', () => {
  let server: RunningServer;
  let problem: string | undefined;

  before(async () => {
    const nothing = unary(() => {
      throw new Error('unused');
    });
    server = await serve({
      service: 'test',
      bind: '127.0.0.1',
      port: 0,
      allowedHosts: ['hyperslab-catalog', '*.example.org'],
      log: createLogger('test', { level: 'silent' }),
      readiness: () => problem,
      services: [
        implement(WorkerLinkServiceService, {
          connect: duplex(async function* () {}),
          locateBlocks: nothing,
          describeResult: nothing,
        }),
      ],
    });
  });
  after(() => server.stop(100));

  it('tells over HTTP that it lives, whether it is ready, and its metrics', async () => {
    assert.deepEqual(await get(server.httpPort, '/livez'), { status: 200, body: 'alive\n' });
    assert.deepEqual(await get(server.httpPort, '/readyz'), { status: 200, body: 'ready\n' });
    problem = 'the backup is away';
    assert.deepEqual(await get(server.httpPort, '/readyz'), {
      status: 503,
      body: 'not ready: the backup is away\n',
    });
    assert.match((await get(server.httpPort, '/metrics')).body, /^hyperslab_ready 0$/m);
    problem = undefined;
    assert.equal((await get(server.httpPort, '/')).status, 404);
    assert.equal((await get(server.httpPort, '/livez', {}, 'POST')).status, 405);
  });

  it('answers to its own address only, so that no page of another site can read it', async () => {
    for (const host of ['localhost', '127.0.0.1:8401', '[::1]:8401', '10.1.2.3'])
      assert.equal((await get(server.httpPort, '/livez', { host })).status, 200, host);
    for (const host of ['hyperslab-catalog:8401', 'Data.Example.org', 'a.b.example.org'])
      assert.equal((await get(server.httpPort, '/livez', { host })).status, 200, host);
    for (const host of ['example.org', 'evilexample.org', 'hyperslab-catalog.evil.example'])
      assert.equal((await get(server.httpPort, '/livez', { host })).status, 421, host);
    for (const host of ['evil.example', 'localhost.evil.example:8401', '127.0.0.1.evil.example'])
      assert.equal((await get(server.httpPort, '/livez', { host })).status, 421, host);
  });

  it('answers grpc.health.v1 for itself and each service', async () => {
    const Health = makeGenericClientConstructor(healthService as never, 'Health');
    const client = new Health(server.address, credentials.createInsecure());
    const check = (service: string) =>
      new Promise((resolve) =>
        client.check({ service }, (error: { code: number } | null, answer: { status: string }) =>
          resolve(error ? error.code : answer.status),
        ),
      );
    assert.equal(await check(''), 'SERVING');
    assert.equal(await check('hyperslab.v1.WorkerLinkService'), 'SERVING');
    assert.equal(await check('other'), 5);
    server.setServing(false);
    assert.equal(await check(''), 'NOT_SERVING');
    assert.equal(await check('liveness'), 'SERVING', 'no reason to restart it');
    server.setServing(true);
    client.close();
  });

  it('reflects its services and their files', async () => {
    const bytes = (value: Buffer) => value;
    for (const version of ['v1', 'v1alpha']) {
      const Reflection = makeGenericClientConstructor(
        {
          info: {
            path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
            requestStream: true,
            responseStream: true,
            requestSerialize: bytes,
            requestDeserialize: bytes,
            responseSerialize: bytes,
            responseDeserialize: bytes,
          },
        },
        'Reflection',
      );
      const client = new Reflection(server.address, credentials.createInsecure());
      const stream = client.info();
      // ServerReflectionRequest: field 7 is list_services, field 4 is file_containing_symbol.
      stream.write(Buffer.from('3a012a', 'hex'));
      const symbol = Buffer.from('hyperslab.v1.WorkerLinkService');
      stream.write(Buffer.concat([Buffer.from([0x22, symbol.length]), symbol]));
      stream.end();
      const [list, file] = (await Array.fromAsync(stream)) as Buffer[];
      assert.ok(list.includes('hyperslab.v1.WorkerLinkService'));
      for (const part of ['hyperslab/v1/scheduler.proto', 'LocateBlocks', 'google/protobuf/timestamp.proto'])
        assert.ok(file.includes(part), part);
      client.close();
    }
  });
});
