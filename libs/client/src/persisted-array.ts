import type { Job } from '@hyperslab/proto/scheduler';
import type { SavedResults } from '@hyperslab/results';
import { call } from '@hyperslab/rpc/calls';
import { type ComputedArray, followedResult, gatherResult, streamedBlocks } from './compute.ts';
import type { Connection } from './connection.ts';
import { assertNotFailed, type JobOptions, watchJob } from './jobs.ts';
import { LazyCube } from './lazy-cube.ts';
import type { ReadOptions } from './read-result.ts';
import type { ResultBlock } from './result-blocks.ts';
import type { SaveArrayOptions } from './save/save.ts';
import { TextExpression } from './text-expression.ts';

/** A result that is kept on the workers. Its id is all that another session needs to read it. */
export class PersistedArray {
  readonly jobId: string;
  readonly #connection: Connection;

  constructor(connection: Connection, jobId: string) {
    this.#connection = connection;
    this.jobId = jobId;
  }

  /** Waits until all of it is computed. Aborting stops the waiting, not the job. Throws what the job failed with. */
  async wait(options: JobOptions = {}): Promise<Job> {
    let last: Job | undefined;
    for await (const job of watchJob(this.#connection, this.jobId, options.signal)) {
      options.onProgress?.(job);
      last = job;
    }
    assertNotFailed(last!);
    return last!;
  }

  /** Reads it into memory. It stays on the workers. */
  async compute(options: JobOptions = {}): Promise<ComputedArray> {
    return gatherResult(this.#connection, this.#stream({ ...options, anyOrder: true }), options.signal);
  }

  /** Reads it block by block; throws OTHER_KERNELS when its job began again in between. */
  async *blocks(options: JobOptions = {}): AsyncGenerator<ResultBlock> {
    yield* streamedBlocks(this.#stream(options));
  }

  /** Writes it to a file or store, as `LazyArray.save` does. It stays on the workers. */
  async save(target: string, options: SaveArrayOptions = {}): Promise<SavedResults> {
    const { savePersisted } = await import('./save/save.ts');
    return savePersisted(this.#connection, this.jobId, target, () => this.#stream(options), options);
  }

  /** It as an operand: a lazy cube whose values are those that the workers hold. */
  cube(): LazyCube {
    const { reference: dataset } = this;
    return new LazyCube(this.#connection, dataset, { kind: 'source', dataset, variable: 'result' });
  }

  /** An expression whose plain names are `result`, which is this array, and its coordinates. */
  expression(text: string): TextExpression {
    return new TextExpression(this.#connection, this.reference, text);
  }

  /** What expressions call it: "job:ID". */
  get reference(): string {
    return `job:${this.jobId}`;
  }

  /** Gives back its memory, as soon as nothing reads it. */
  async release(options: { signal?: AbortSignal } = {}): Promise<void> {
    const connection = this.#connection;
    const request = { jobId: this.jobId };
    await call(connection.scheduler, 'releaseJob', request, connection.repeatable(options.signal));
  }

  #stream(options: JobOptions & ReadOptions) {
    const connection = this.#connection;
    const request = { jobId: this.jobId };
    const job = () => call(connection.scheduler, 'getJob', request, connection.repeatable(options.signal));
    return followedResult(connection, job, options, () => {});
  }
}
