/**
 * How fast blocks go from one worker to another on this machine: two processes, one of which holds them as workers do, while the other fetches them as
 * workers do, each checked by its CRC-32; two fetches at once. Beside it in turns: a bare stream of gRPC.
 *
 *     node bench/blocks/run.ts [--rounds 5]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '@hyperslab/rpc';
import { chunkServiceClient } from '@hyperslab/rpc/values';
import { countBuffersWithHeap } from '@hyperslab/worker-pool/buffers-in-heap-limit';
import { fetchFromPeer } from '@hyperslab/worker-pool/fetch-from-peer';
import { streamBytesPerSecond } from '../compute/limit/streaming.ts';
import { blockBytes, blocks, keyOf, workerBytes } from './blocks.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
countBuffersWithHeap(workerBytes);
const atOnce = 2;
/** As for a task that alone reads a block, and for readers of results. */
const allocate = (bytes: number) => Buffer.allocUnsafeSlow(bytes);
const gigabytes = (blocks * blockBytes) / 1e9;

const holder = fork(join(import.meta.dirname, 'holder.ts'));
const [port] = await once(holder, 'message');
const client = connect(chunkServiceClient(), `127.0.0.1:${port}`, { caller: 'bench' });

async function fetchAll(): Promise<void> {
  const { signal } = new AbortController();
  const left = Array.from({ length: blocks }, (_, task) => task);
  const fetchNext = async () => {
    for (let task = left.shift(); task !== undefined; task = left.shift()) {
      const { bytes, release } = await fetchFromPeer(client, keyOf(task), signal, { allocate });
      if (bytes.length !== blockBytes) throw new Error(`block ${task} has ${bytes.length} bytes`);
      release?.();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, fetchNext));
}

async function holderMs(): Promise<number> {
  holder.send('usage');
  const [{ user, system }] = await once(holder, 'message');
  return (user + system) / 1000;
}

const load = () => loadavg()[0].toFixed(1);
console.log(`${blocks} blocks of ${blockBytes / 2 ** 20} MiB, load ${load()} at the start`);
console.log(
  '| round | worker to worker, GB/s | sender, receiver: ms of processor time a GB | bare gRPC stream, GB/s |',
);
console.log('|---:|---:|---:|---:|');
await fetchAll();
for (let round = 1; round <= Number(values.rounds); round++) {
  const [senderMs, receiver, started] = [await holderMs(), process.cpuUsage(), performance.now()];
  await fetchAll();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(receiver);
  const costs = [(await holderMs()) - senderMs, (user + system) / 1000].map((ms) =>
    Math.round(ms / gigabytes),
  );
  const bare = (await streamBytesPerSecond()) / 1e9;
  console.log(
    `| ${round} | ${(gigabytes / seconds).toFixed(2)} | ${costs.join(', ')} | ${bare.toFixed(2)} |`,
  );
}
console.log(`\nload ${load()} at the end`);
client.close();
holder.disconnect();
