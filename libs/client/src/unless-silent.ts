import type { Client } from '@grpc/grpc-js';
import { HyperslabError } from '@hyperslab/errors';
import { isAnswering, peerOf } from '@hyperslab/rpc/calls';

/** What a stream is watched with. */
export interface Watch {
  signal?: AbortSignal;
  /**
   * Silence after which a worker is asked whether it is there, and how long it may take to answer, milliseconds.
   * @default 5000: a result may be long in coming, but a worker at its limits answers within a second or two
   */
  silenceMs?: number;
  /** Called in each pause of a worker that is there, with the silence so far, milliseconds; what it throws ends the stream. */
  onSilence?: (silentMs: number) => Promise<void>;
}

/**
 * The frames of a worker's stream. A worker that has been stopped, or is cut off, says nothing and ends nothing: when
 * none has come for a while and it does not answer a health check either, the stream is given up. A slow reader is no
 * silence: only time in which a frame is waited for counts.
 * @throws UNAVAILABLE, naming the worker, when it is given up; what the stream throws
 */
export async function* unlessSilent<Frame>(
  worker: Client,
  open: (signal: AbortSignal) => AsyncGenerator<Frame>,
  { signal, onSilence, silenceMs = 5_000 }: Watch,
): AsyncGenerator<Frame> {
  const given = new AbortController();
  const frames = open(signal === undefined ? given.signal : AbortSignal.any([signal, given.signal]));
  try {
    for (;;) {
      const next = frames.next();
      for (let silentMs = silenceMs; !(await settlesWithin(next, silenceMs)); silentMs += silenceMs) {
        try {
          if (!(await isAnswering(worker, silenceMs))) throw doesNotAnswer(worker);
          await onSilence?.(silentMs);
        } catch (error) {
          given.abort(error);
          break;
        }
      }
      const { done, value } = await next;
      if (done) return;
      yield value;
    }
  } finally {
    given.abort();
    await frames.return(undefined).catch(() => {});
  }
}

/** Whether a promise is done, either way, within a time. */
async function settlesWithin(promise: Promise<unknown>, durationMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, durationMs, false);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

function doesNotAnswer(worker: Client): HyperslabError {
  const peer = peerOf(worker);
  return new HyperslabError(
    'UNAVAILABLE',
    `${peer} does not answer; \`hyperslab status\` shows whether it is ready; start it again if it is stopped`,
    { peer },
  );
}
