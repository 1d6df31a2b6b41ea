import { AsyncLocalStorage } from 'node:async_hooks';
import { type ByteSource, type ReadOptions, readHead } from '@hyperslab/storage';

/** A read of storage, as a thread tells of it. */
export interface StorageRead {
  url: string;
  offset: number;
  length: number;
  /** Milliseconds since 1970. */
  startMs: number;
  endMs: number;
}

/** Reads of one piece of work that are told one by one; of a task that reads more, the others are counted. */
const mostReads = 100;

const active = new AsyncLocalStorage<ReadLog>();

/** The reads of storage that a piece of work makes: threads keep them for who records the trace. */
export class ReadLog {
  readonly reads: StorageRead[] = [];
  leftOut = 0;

  /** Runs the work; what is read meanwhile, on its behalf, is noted here. */
  during<T>(work: () => T): T {
    return active.run(this, work);
  }

  add(read: StorageRead): void {
    if (this.reads.length < mostReads) this.reads.push(read);
    else this.leftOut++;
  }
}

/** The same source; what is read through it is noted for the work that reads. Costs nothing while none is followed. */
export function withReadLog(source: ByteSource): ByteSource {
  function noted<O extends ReadOptions>(options: O): O {
    const log = active.getStore();
    if (log === undefined) return options;
    return {
      ...options,
      onRequest(request) {
        const { offset, length, startedMs } = request;
        const endMs = Date.now();
        const startMs = endMs - (performance.now() - startedMs);
        log.add({ url: source.url, offset, length, startMs, endMs });
        options.onRequest?.(request);
      },
    };
  }
  return {
    url: source.url,
    stat: (signal) => source.stat(signal),
    read: (ranges, options = {}) => source.read(ranges, noted(options)),
    readHead: (length, options) => readHead(source, length, noted(options)),
  };
}
