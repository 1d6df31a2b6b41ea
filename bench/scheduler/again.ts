/**
 * What is read from storage when a parameter that the caches of both workers just hold is computed on again and again, on a mesh with two
 * workers of one thread: `node bench/scheduler/again.ts [--port 17801] [--cache 300MiB] [--times 7]`.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { prepareCollection } from '../open/collections.ts';
import { startSmallMesh } from './small-mesh.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '17801' },
    cache: { type: 'string', default: '300MiB' },
    times: { type: 'string', default: '7' },
  },
});
/** Workers report every second. */
const reportMs = 1_300;

const collection = prepareCollection('large');
const settings = {
  HYPERSLAB_WORKER_CACHE_BYTES: values.cache,
  HYPERSLAB_WORKER_MEMORY: '3GiB',
  // What was computed before is computed again.
  HYPERSLAB_KEPT_RESULT_BYTES: '0',
};
const mesh = await startSmallMesh(Number(values.port), { root: collection.folder, settings });
try {
  const client = await mesh.session('bench');
  await client.publish('bench/run', [`${collection.folder}/`]);
  const run = await client.open('bench/run');
  const bytesRead = async () => {
    await sleep(reportMs);
    const { workers } = await client.cluster();
    return workers.reduce((sum, { report }) => sum + (report?.storageBytesRead ?? 0), 0);
  };
  console.log(
    `${cpus().length} cores, load ${loadavg()[0].toFixed(1)}; mean(t + N, time), caches of ${values.cache}\n`,
  );
  console.log('| time | s | MB read from storage | processor time of the workers, s |\n|---|---:|---:|---:|');
  let before = await bytesRead();
  for (let n = 0; n < Number(values.times); n++) {
    const startMs = performance.now();
    const cpuBefore = mesh.workers.map(({ cpuSeconds }) => cpuSeconds);
    await run.expression(`mean(t + ${n}, time)`).compute();
    const seconds = (performance.now() - startMs) / 1000;
    const cpu = mesh.workers.reduce((sum, { cpuSeconds }, at) => sum + cpuSeconds - cpuBefore[at], 0);
    const now = await bytesRead();
    console.log(
      `| ${n + 1} | ${seconds.toFixed(2)} | ${((now - before) / 1e6).toFixed(0)} | ${cpu.toFixed(2)} |`,
    );
    before = now;
  }
  client.close();
} finally {
  await mesh.stop();
}
