import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError } from '@hyperslab/errors';
import {
  type SchedulerMessage,
  WorkerLinkServiceService,
  type WorkerMessage,
} from '@hyperslab/proto/scheduler';
import { duplex, implement, protocolVersions, serve, unary } from '@hyperslab/rpc';
import { createLogger } from '@hyperslab/telemetry';
import { repository, withTemporaryDirectory } from '@hyperslab/testing';

/** Ends a worker that waits for a word that never comes. */
const patience = '60s';

// During an upgrade workers may be newer than the scheduler. One that speaks only version 1 refuses all others, and never
// says that a worker may go.
describe('a worker that meets an older scheduler', function () {
  this.timeout(60_000);

  it('speaks its version, and goes without waiting for what it does not say', () =>
    withTemporaryDirectory(async (state) => {
      const heard: WorkerMessage['message'][] = [];
      const refuse = () => Promise.reject(new HyperslabError('JOB_NOT_FOUND', 'no such job'));
      const service = implement(WorkerLinkServiceService, {
        connect: duplex(async function* (messages): AsyncGenerator<SchedulerMessage> {
          for await (const { message } of messages) {
            heard.push(message);
            if (message?.$case !== 'hello') continue;
            if (message.value.protocolVersion !== 1)
              throw new HyperslabError('INVALID_ARGUMENT', 'update it');
            yield {
              message: { $case: 'welcome', value: { reportIntervalMs: 1_000, protocolVersion: 0 } },
            };
          }
        }),
        locateBlocks: unary(refuse),
        describeResult: unary(refuse),
      });
      const log = createLogger('scheduler', { level: 'silent' });
      const bind = '127.0.0.1';
      const server = await serve({ service: 'scheduler', bind, port: 0, services: [service], log });
      const worker = spawn(process.execPath, [join(repository, 'services/worker-pool/src/main.ts')], {
        env: {
          ...process.env,
          HYPERSLAB_STATE: state,
          HYPERSLAB_SCHEDULER: server.address,
          HYPERSLAB_WORKER_PORT: '0',
          HYPERSLAB_WORKER_THREADS: '1',
          HYPERSLAB_DRAIN_TIMEOUT: patience,
          HYPERSLAB_PARENT_PID: String(process.pid),
        },
        stdio: 'ignore',
      });
      try {
        while (!heard.some((message) => message?.$case === 'report')) await sleep(50);
        const offered = heard.flatMap((message) =>
          message?.$case === 'hello' ? [message.value.protocolVersion] : [],
        );
        const { newest } = protocolVersions;
        assert.deepEqual(
          offered,
          Array.from({ length: newest }, (_, i) => newest - i),
        );
        worker.kill('SIGTERM');
        const [code] = await once(worker, 'exit');
        assert.equal(code, 0);
        assert.ok(heard.some((message) => message?.$case === 'draining'));
      } finally {
        worker.kill('SIGKILL');
        await server.stop(0);
      }
    }));
});
