import { setTimeout as sleep } from 'node:timers/promises';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { ArrayFrame } from '@hyperslab/proto/worker';
import { backoffMs } from '@hyperslab/rpc';

const retry = { firstMs: 50, longestMs: 1_000 };

/** Opens a stream at the next worker in turn; undefined while there is none. */
export type OpenNext = () => AsyncIterable<ArrayFrame> | undefined;

/**
 * The frames of an array, from another worker where one is lost. Any worker sends the same frames of the same array:
 * what was passed on already is passed over. Without progress for `patienceMs` the last failure is thrown.
 */
export async function* readInTurn(
  openNext: OpenNext,
  patienceMs: number,
  signal: AbortSignal,
): AsyncGenerator<ArrayFrame> {
  const passed: number[] = [];
  let triedSince = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      const frames = openNext();
      if (frames === undefined) throw new HyperslabError('UNAVAILABLE', 'no worker is ready; try again');
      let at = 0;
      for await (const frame of frames) {
        const bytes = frame.data.length + frame.mask.length;
        if (at === passed.length) {
          passed.push(bytes);
          attempt = 0;
          yield frame;
          triedSince = performance.now();
        } else if (passed[at] !== bytes) throw differs();
        at++;
      }
      return;
    } catch (error) {
      const leftMs = patienceMs - (performance.now() - triedSince);
      if (!isHyperslabError(error) || !error.retryable || leftMs <= 0 || signal.aborted) throw error;
      await sleep(Math.min(leftMs, backoffMs(Math.max(1, attempt), retry)), undefined, { signal });
    }
  }
}

/** Workers of two versions that cut arrays differently: what follows would not fit what was sent. */
function differs(): HyperslabError {
  return new HyperslabError(
    'INTERNAL',
    'a worker was lost, and the next one sends the array in other pieces',
  );
}
