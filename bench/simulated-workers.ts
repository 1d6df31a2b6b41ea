import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@hyperslab/client';
import {
  WorkerHello,
  WorkerLinkServiceClient,
  type WorkerMessage,
  WorkerReport,
} from '@hyperslab/proto/scheduler';
import { connect, openDuplex, protocolVersions } from '@hyperslab/rpc';

/** Workers that come at once. */
const together = 50;

/** Connects workers that report each second and are given no tasks; answers how to end them. */
export async function joinSimulatedWorkers(client: Client, count: number): Promise<() => void> {
  const link = connect(WorkerLinkServiceClient, client.endpoints.scheduler as string);
  const left = new AbortController();
  for (let n = 0; n < count; n++) {
    join(link, n, left.signal).catch(() => undefined);
    if (n % together === 0) await sleep(20);
  }
  await sleep(2_000);
  return () => {
    left.abort();
    link.close();
  };
}

async function join(link: WorkerLinkServiceClient, number: number, signal: AbortSignal): Promise<void> {
  for await (const _ of openDuplex(link, 'connect', messages(number, signal), { signal }));
}

async function* messages(number: number, signal: AbortSignal): AsyncGenerator<WorkerMessage> {
  const value = WorkerHello.fromPartial({
    workerId: `simulated-${number}`,
    address: `127.0.0.1:${20_000 + number}`,
    slots: 4,
    protocolVersion: protocolVersions.newest,
    kernelVersion: 'simulated',
  });
  yield { message: { $case: 'hello', value } };
  for (let second = 1; !signal.aborted; second++) {
    await sleep(1_000, undefined, { signal });
    yield { message: { $case: 'report', value: reportAt(second) } };
  }
}

function reportAt(second: number): WorkerReport {
  return WorkerReport.fromPartial({
    rss: 5e8 + second * 1e5,
    blockBytes: 1e8,
    cacheBytes: 1e8,
    heapBytes: 1e8,
    bufferBytes: 1e7,
    memoryLimit: 2 ** 31,
    cpuMs: second * 700,
    storageBytesRead: second * 1e7,
    storageRequests: second * 40,
    networkSent: second * 1e6,
    networkReceived: second * 1e6,
    receivingSeconds: second / 100,
    threads: 2,
    uptimeMs: second * 1000,
  });
}
