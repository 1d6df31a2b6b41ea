import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LocatedParameter } from './locate-chunks.ts';

const threads = 2;
const repeats = 3;

/** How long two threads take for all chunks of a parameter, seconds, and by what they inflate. */
export interface Decoding {
  seconds: number;
  inflater: string;
}

/**
 * Lets two threads decode all chunks of a parameter, that is inflate and unshuffle them and nothing else: the
 * stored bytes are in memory, what is decoded is overwritten by the next chunk. The best of three times.
 */
export async function measureDecoding(parameter: LocatedParameter): Promise<Decoding> {
  const workers = Array.from({ length: threads }, (_, thread) => {
    const files = parameter.files.filter((_, file) => file % threads === thread);
    return new Worker(join(import.meta.dirname, 'decode-thread.ts'), {
      workerData: { ...parameter, files },
      // That FFI is experimental is no news on a terminal.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
  });
  try {
    const [[inflater]] = await Promise.all(workers.map((worker) => once(worker, 'message')));
    let best = Number.POSITIVE_INFINITY;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const started = performance.now();
      const done = workers.map((worker) => once(worker, 'message'));
      for (const worker of workers) worker.postMessage('decode');
      await Promise.all(done);
      best = Math.min(best, (performance.now() - started) / 1000);
    }
    return { seconds: best, inflater };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
