import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { connect } from '../src/index.ts';

// Connects, perhaps with V8 left as it is, takes half a gigabyte in buffers, and prints how often the heap was marked meanwhile.
const address = '127.0.0.1:1';
const client = await connect({
  catalog: address,
  scheduler: address,
  workers: [address],
  collectBuffersLate: process.argv[2] === 'late',
});
let marked = 0;
const observer = new PerformanceObserver((list) => {
  const entries = list.getEntries() as unknown as { detail: { kind: number } }[];
  for (const { detail } of entries) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) marked++;
});
observer.observe({ entryTypes: ['gc'] });
const buffers: ArrayBuffer[] = [];
for (let count = 0; count < 128; count++) {
  buffers.push(new ArrayBuffer(4 * 2 ** 20));
  await turn();
}
await turn();
client.close();
console.log(marked);
