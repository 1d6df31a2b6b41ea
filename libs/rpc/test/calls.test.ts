import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { BackupServiceClient, BackupServiceService } from '@hyperslab/proto/backup';
import { WorkerLinkServiceClient, WorkerLinkServiceService } from '@hyperslab/proto/scheduler';
import { createLogger, createMetrics } from '@hyperslab/telemetry';
import {
  type CallContext,
  call,
  connect,
  duplex,
  implement,
  openDuplex,
  openStream,
  type RunningServer,
  serve,
  serverStream,
  unary,
} from '../src/index.ts';

const unused = unary(() => {
  throw new HyperslabError('INTERNAL', 'unused');
});

/** What the tests' server does; each test sets what it needs. */
const behaviour = {
  getPosition: async (_context: CallContext) => ({ catalogSequence: 0, schedulerSequence: 0 }),
  async *replay(_context: CallContext): AsyncGenerator<{ event: undefined }> {},
  async *export(): AsyncGenerator<never> {},
  async *link(
    _incoming: AsyncIterable<unknown>,
    _context: CallContext,
  ): AsyncGenerator<{ message: undefined }> {},
};

describe('calls between a real server and a real client', () => {
  const metrics = createMetrics();
  let server: RunningServer;
  let backup: BackupServiceClient;
  let link: WorkerLinkServiceClient;

  before(async () => {
    server = await serve({
      service: 'test',
      bind: '127.0.0.1',
      port: 0,
      log: createLogger('test', { level: 'silent' }),
      metrics,
      requestTimeoutMs: 200,
      services: [
        implement(BackupServiceService, {
          keepManifests: unused,
          append: unused,
          getPosition: unary((_request, context) => behaviour.getPosition(context)),
          replay: serverStream((_request, context) => behaviour.replay(context)),
          takeSnapshot: unused,
          listSnapshots: unused,
          verify: unused,
          restoreObjects: unused,
          export: serverStream(() => behaviour.export(), { unbuffered: true }),
        }),
        implement(WorkerLinkServiceService, {
          connect: duplex((incoming, context) => behaviour.link(incoming, context)),
          locateBlocks: unused,
          describeResult: unused,
        }),
      ],
    });
    backup = connect(BackupServiceClient, server.address, { caller: 'tester' });
    link = connect(WorkerLinkServiceClient, server.address);
  });
  after(async () => {
    backup.close();
    link.close();
    await server.stop(100);
  });

  it('answers, and tells the handler caller, deadline and trace', async () => {
    let seen: CallContext | undefined;
    behaviour.getPosition = async (context) => {
      seen = context;
      return { catalogSequence: 7, schedulerSequence: 2 ** 53 - 1 };
    };
    const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
    const response = await call(backup, 'getPosition', {}, { deadlineMs: 5_000, trace });
    assert.deepEqual(response, { catalogSequence: 7, schedulerSequence: 2 ** 53 - 1 });
    assert.equal(seen?.caller, 'tester');
    assert.equal(seen?.trace.traceId, trace.traceId);
    // No SDK is registered here: the trace goes on as it came.
    assert.equal(seen?.trace.spanId, trace.spanId);
    const left = Number(seen?.deadline) - Date.now();
    assert.ok(left > 3_000 && left <= 5_000, `deadline in ${left} ms`);
    assert.match(metrics.text(), /hyperslab_rpc_calls_total\{method="[^"]*GetPosition",code="OK"\} 1/);
  });

  it('carries reason, message and details of an error', async () => {
    behaviour.getPosition = async () => {
      throw new HyperslabError('OBJECT_CHANGED', 's3://b/a.nc: größer als zuvor', { url: 's3://b/a.nc' });
    };
    await assert.rejects(call(backup, 'getPosition', {}), (error) => {
      assert.ok(isHyperslabError(error, 'OBJECT_CHANGED'));
      assert.equal(error.message, 's3://b/a.nc: größer als zuvor');
      assert.deepEqual(error.details, { url: 's3://b/a.nc' });
      return true;
    });
  });

  it('retries what is unavailable, and only when told to', async () => {
    let tries = 0;
    behaviour.getPosition = async () => {
      if (++tries < 3) throw new HyperslabError('STORAGE_UNAVAILABLE', 'busy');
      return { catalogSequence: tries, schedulerSequence: 0 };
    };
    await assert.rejects(call(backup, 'getPosition', {}), { reason: 'STORAGE_UNAVAILABLE' });
    assert.equal((await call(backup, 'getPosition', {}, { retry: true })).catalogSequence, 3);
  });

  it('ends a call at its deadline and aborts its handler', async () => {
    let reason: unknown;
    behaviour.getPosition = async ({ signal }) => {
      await sleep(5_000, undefined, { signal }).catch(() => {
        reason = signal.reason;
      });
      throw reason;
    };
    await assert.rejects(call(backup, 'getPosition', {}, { deadlineMs: 50 }), {
      reason: 'DEADLINE_EXCEEDED',
    });
    for (let tries = 0; reason === undefined && tries < 50; tries++) await sleep(10);
    assert.ok(isHyperslabError(reason, 'DEADLINE_EXCEEDED'));
  });

  it('applies a deadline of its own when the caller has none', async () => {
    behaviour.getPosition = () => new Promise(() => {});
    const unlimited = new Promise((resolve) => backup.getPosition({}, (error) => resolve(error?.details)));
    assert.match(String(await unlimited), /not answered before the deadline/);
  });

  it('cancels the handler when the caller aborts', async () => {
    let reason: unknown;
    behaviour.getPosition = ({ signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          reason = signal.reason;
          reject(reason);
        }),
      );
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await assert.rejects(call(backup, 'getPosition', {}, { signal: abort.signal, deadlineMs: 5_000 }), {
      reason: 'CANCELLED',
    });
    for (let tries = 0; reason === undefined && tries < 50; tries++) await sleep(10);
    assert.ok(isHyperslabError(reason, 'CANCELLED'));
  });

  it('streams no faster than it is read', async () => {
    let made = 0;
    let ended = false;
    const entry = {
      event: {
        $case: 'catalog' as const,
        value: { sequence: 1, caller: '', requestId: 'x'.repeat(1 << 20), change: undefined },
      },
    };
    behaviour.replay = async function* () {
      try {
        for (; made < 500; made++) yield entry as never;
      } finally {
        ended = true;
      }
    };
    for await (const _ of openStream(backup, 'replay', { journal: 1, fromSequence: 1 })) {
      await sleep(300);
      break;
    }
    assert.ok(made < 100, `${made} MiB were made for a reader that took one`);
    for (let tries = 0; !ended && tries < 50; tries++) await sleep(10);
    assert.ok(ended, 'leaving the loop ends the handler');
  });

  it('disposes of what a message holds once it is sent, and not before', async () => {
    const disposed: number[] = [];
    const made: number[] = [];
    behaviour.replay = async function* () {
      for (let i = 0; i < 3; i++) {
        made.push(i);
        yield {
          get event() {
            assert.ok(!disposed.includes(i), 'a message is encoded that was disposed of');
            return undefined;
          },
          [Symbol.dispose]: () => void disposed.push(i),
        };
      }
    };
    for await (const _ of openStream(backup, 'replay', { journal: 1, fromSequence: 1 }))
      assert.ok(made.length > 0);
    assert.deepEqual(made, [0, 1, 2]);
    assert.deepEqual(disposed, [0, 1, 2]);
  });

  it('asks for the next message of an unbuffered stream only when the one before is on its way', async () => {
    const client = connect(BackupServiceClient, `127.0.0.1:${server.port}`, { readAheadBytes: 65_535 });
    let made = 0;
    behaviour.export = async function* () {
      for (; made < 500; made++) yield { path: 'x'.repeat(20_000) } as never;
    };
    for await (const _ of openStream(client, 'export', {})) {
      await sleep(300);
      break;
    }
    client.close();
    // What fits in the window, what the client has read ahead, and one that waits for room.
    assert.ok(made < 28, `${made} were made for a reader that took one`);
  });

  it('tells an error in the middle of a stream after what came before it', async () => {
    behaviour.replay = async function* () {
      yield { event: undefined };
      throw new HyperslabError('CHECKSUM_MISMATCH', 'record 2 is damaged');
    };
    let received = 0;
    await assert.rejects(
      async () => {
        for await (const _ of openStream(backup, 'replay', { journal: 1, fromSequence: 1 })) received++;
      },
      { reason: 'CHECKSUM_MISMATCH' },
    );
    assert.equal(received, 1);
  });

  it('speaks both ways, and tells errors both ways', async () => {
    behaviour.link = async function* (incoming) {
      for await (const _ of incoming) yield { message: undefined };
    };
    async function* three() {
      for (let index = 0; index < 3; index++) yield { message: undefined };
    }
    let answers = 0;
    for await (const _ of openDuplex(link, 'connect', three())) answers++;
    assert.equal(answers, 3);

    behaviour.link = async function* (incoming) {
      for await (const _ of incoming) throw new HyperslabError('REQUEST_REUSED', 'who are you?');
      yield { message: undefined };
    };
    async function* endless() {
      for (;;) {
        yield { message: undefined };
        await sleep(10);
      }
    }
    await assert.rejects(
      async () => {
        for await (const _ of openDuplex(link, 'connect', endless())) answers++;
      },
      { reason: 'REQUEST_REUSED' },
    );

    let signal: AbortSignal | undefined;
    let ended = false;
    behaviour.link = async function* (incoming, context) {
      signal = context.signal;
      for await (const _ of incoming) yield { message: undefined };
      ended = true;
    };
    async function* failing() {
      yield { message: undefined };
      await sleep(50);
      throw new Error('my own');
    }
    await assert.rejects(
      async () => {
        for await (const _ of openDuplex(link, 'connect', failing())) answers++;
      },
      { message: 'my own' },
    );
    for (let tries = 0; !signal?.aborted && tries < 50; tries++) await sleep(10);
    assert.ok(isHyperslabError(signal?.reason, 'CANCELLED'));
    assert.ok(ended, 'the handler hears of the end');
  });

  it('says who is not reachable', async () => {
    const nobody = connect(BackupServiceClient, '127.0.0.1:9');
    await assert.rejects(call(nobody, 'getPosition', {}, { deadlineMs: 5_000 }), (error) => {
      assert.ok(isHyperslabError(error, 'UNAVAILABLE'));
      assert.match(error.message, /BackupService at 127\.0\.0\.1:9 is not reachable/);
      return true;
    });
    nobody.close();
  });
});
