import { asHyperslabError, HyperslabError } from '@hyperslab/errors';

interface Arrived<T> {
  stream: AsyncGenerator<T>;
  next?: IteratorResult<T>;
  error?: unknown;
}

/** Why streams are given up of which enough was read; made once, as errors are dear. */
const enough = new HyperslabError('CANCELLED', 'enough was read');

/**
 * Items of several streams as they come, of each one ahead of the reader. A stream that fails in a way that another might mend ends by itself;
 * leaving the loop ends all, and so does the end of one when `isEnough` says that nothing is lacking.
 * @throws what the first one failed with, when no other has more
 */
export async function* mergeStreams<T>(
  open: readonly ((signal: AbortSignal) => AsyncGenerator<T>)[],
  isEnough: () => boolean,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  const over = new AbortController();
  const stop = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const arrived: Arrived<T>[] = [];
  let wake = () => {};
  const pull = (stream: AsyncGenerator<T>) => {
    const arrive = (what: Omit<Arrived<T>, 'stream'>) => {
      arrived.push({ stream, ...what });
      wake();
    };
    stream.next().then(
      (next) => arrive({ next }),
      (error) => arrive({ error }),
    );
  };
  const streams = open.map((each) => each(stop));
  streams.forEach(pull);
  let failure: { error: unknown } | undefined;
  let oneEnded = false;
  try {
    for (let left = streams.length; left > 0; ) {
      const item = arrived.shift();
      if (item === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (item.next?.done === false) {
        yield item.next.value;
        if (oneEnded && isEnough()) return;
        pull(item.stream);
      } else {
        left--;
        if (item.next !== undefined) {
          oneEnded = true;
          if (isEnough()) return;
          continue;
        }
        const { retryable, reason } = asHyperslabError(item.error);
        // What the others have by then may be of a plan that is over.
        if (!retryable || reason === 'OTHER_KERNELS') throw item.error;
        failure ??= { error: item.error };
      }
    }
    if (failure !== undefined) throw failure.error;
  } finally {
    over.abort(enough);
    for (const stream of streams) stream.return(undefined).catch(() => undefined);
  }
}
