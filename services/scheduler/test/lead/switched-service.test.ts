import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import { Job, SchedulerServiceClient, SchedulerServiceService } from '@hyperslab/proto/scheduler';
import { call, connect, openStream, type ServedService, serve, serverStream, unary } from '@hyperslab/rpc';
import { createLogger } from '@hyperslab/telemetry';
import { switchedService } from '../../src/lead/switched-service.ts';

const log = createLogger('test', { level: 'silent' });

describe('a service that is switched on', () => {
  const refuse = () => new HyperslabError('UNAVAILABLE', 'standby; the leader is another');

  it('refuses calls, then answers them, and ends streams when its time is over', async () => {
    const switched = switchedService(SchedulerServiceService, refuse);
    const server = await serve({
      service: 'scheduler',
      bind: '127.0.0.1',
      port: 0,
      services: [switched.service],
      log,
    });
    const client = connect(SchedulerServiceClient, server.address);
    const ask = () => call(client, 'getJob', { jobId: 'a' }, { deadlineMs: 5_000 });
    await assert.rejects(ask(), { reason: 'UNAVAILABLE', message: /the leader is another/ });

    const over = new AbortController();
    const handlers = {
      getJob: unary(() => Job.fromPartial({ jobId: 'a' })),
      watchJob: serverStream(async function* (_request, { signal }) {
        yield Job.fromPartial({ jobId: 'a' });
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }),
    };
    switched.switchOn([SchedulerServiceService, handlers] as unknown as ServedService, over.signal);
    assert.equal((await ask()).jobId, 'a');
    const watching = async () => {
      for await (const job of openStream(client, 'watchJob', { jobId: 'a' })) {
        assert.equal(job.jobId, 'a');
        over.abort(refuse());
      }
    };
    await assert.rejects(watching(), { reason: 'UNAVAILABLE', message: /the leader is another/ });
    await assert.rejects(ask(), { reason: 'UNAVAILABLE' });
    client.close();
    await server.stop(1_000);
  });
});
