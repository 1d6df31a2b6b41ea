import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { HyperslabError } from '@hyperslab/errors';
import { planRun } from './run-plan.ts';
import type { StepAnswer, StepRequest } from './step-thread.ts';
import type { Step } from './write-step.ts';

/** What sample is wanted. */
export interface SampleOptions {
  /** Bytes of all files together, at least 1 MiB; met within a tenth. */
  size: number;
  /** Another seed gives other values; the same seed and size the same bytes. */
  seed?: number;
  /** Number of forecast steps, if it is not to be chosen. */
  times?: number;
  /** Hears after each file what is done. */
  onProgress?: (progress: { files: number; filesInAll: number; bytes: number }) => void;
  signal?: AbortSignal;
}

const smallestSize = 2 ** 20;
const mostSteps = 10_000;

/**
 * Writes a synthetic model run: CF NetCDF-4, a file `run_NNN.nc` for each forecast step with eight parameters on
 * pressure levels. Threads write a step each; memory is that of a few chunks.
 * @throws HyperslabError INVALID_ARGUMENT when the size is too small, or the folder has other steps already; CANCELLED
 */
export async function writeSample(
  directory: string,
  options: SampleOptions,
): Promise<{ files: number; bytes: number }> {
  const { size, seed = 1, times, onProgress, signal } = options;
  if (!(size >= smallestSize)) throw invalid(`size ${size}: expected at least 1 MiB`);
  if (times !== undefined && !(Number.isInteger(times) && times >= 1 && times <= mostSteps))
    throw invalid(`${times} times: expected 1 to ${mostSteps}`);
  const { shape, steps } = planRun(size, times);
  await mkdir(directory, { recursive: true });
  const stepAt = (step: number): Step => ({ path: join(directory, stepName(step)), shape, step, seed });

  const threads = Array.from({ length: Math.min(availableParallelism(), 4, steps) }, startThread);
  const abort = () => {
    for (const thread of threads) thread.abort();
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    // How well fields deflate is known once one is written: its length gives the number of the others.
    let bytes = await threads[0].write(stepAt(0));
    const files = times ?? Math.max(1, Math.round(size / bytes));
    if (files > mostSteps) throw invalid(`size ${size}: expected at most ${mostSteps * bytes}`);
    await refuseOtherSteps(directory, files);
    let done = 1;
    onProgress?.({ files: done, filesInAll: files, bytes });
    let next = 1;
    await Promise.all(
      threads.map(async (thread) => {
        while (next < files) {
          const written = await thread.write(stepAt(next++));
          bytes += written;
          onProgress?.({ files: ++done, filesInAll: files, bytes });
        }
      }),
    );
    return { files, bytes };
  } catch (error) {
    abort();
    await Promise.all(threads.map((thread) => thread.idle()));
    throw signal?.aborted ? new HyperslabError('CANCELLED', 'cancelled', {}, error) : error;
  } finally {
    signal?.removeEventListener('abort', abort);
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

function stepName(step: number): string {
  return `run_${String(step).padStart(3, '0')}.nc`;
}

/** Steps of an earlier, longer run would be published together with these. */
async function refuseOtherSteps(directory: string, files: number): Promise<void> {
  const own = new Set(Array.from({ length: files }, (_, step) => stepName(step)));
  const other = (await readdir(directory)).find((name) => /^run_\d+\.nc$/.test(name) && !own.has(name));
  if (other !== undefined)
    throw invalid(`${join(directory, other)} belongs to another run; remove it or choose another folder`);
}

function startThread() {
  const worker = new Worker(new URL('./step-thread.ts', import.meta.url));
  const post = (request: StepRequest) => worker.postMessage(request);
  let last: Promise<unknown> = Promise.resolve();
  return {
    write(step: Step): Promise<number> {
      const answer = once(worker, 'message').then((messages) => bytesOf(messages[0] as StepAnswer));
      last = answer.catch(() => {});
      post(step);
      return answer;
    },
    idle: () => last,
    abort: () => post('abort'),
    end: () => worker.terminate(),
  };
}

function bytesOf(answer: StepAnswer): number {
  if ('bytes' in answer) return answer.bytes;
  throw new HyperslabError(answer.error.reason, answer.error.message, answer.error.details);
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('INVALID_ARGUMENT', message);
}
