import type { Expression } from '@hyperslab/proto/expression';
import type { ExplainResponse } from '@hyperslab/proto/scheduler';
import type { SavedResults } from '@hyperslab/results';
import { call } from '@hyperslab/rpc/calls';
import { type ComputedArray, computeStream, gatherResult, streamedBlocks } from './compute.ts';
import type { Connection } from './connection.ts';
import { type JobOptions, jobFields } from './jobs.ts';
import type { PersistedArray } from './persisted-array.ts';
import type { ResultBlock } from './result-blocks.ts';
import type { SaveArrayOptions } from './save/save.ts';

/** An array that is computed when it is asked for: an expression and where to compute it. */
export class LazyArray {
  /** @internal */
  readonly connection: Connection;
  /** Dataset that plain names refer to, with its version. */
  readonly dataset: string;

  constructor(connection: Connection, dataset: string) {
    this.connection = connection;
    this.dataset = dataset;
  }

  /** The expression as it is sent. */
  toExpression(): Expression {
    throw new Error('an array without expression');
  }

  /**
   * Computes it on the workers and gathers the result in memory. Aborting cancels the job. Throws what the job failed
   * with, CANCELLED, TOO_LARGE when the result does not fit, UNAVAILABLE when the mesh can't be reached for long.
   */
  async compute(options: JobOptions = {}): Promise<ComputedArray> {
    const stream = computeStream(this.connection, this.toExpression(), { ...options, anyOrder: true });
    return gatherResult(this.connection, stream, options.signal);
  }

  /**
   * Computes it and yields the blocks of the result in row-major order of their grid, as they are made. Memory holds a
   * few blocks, however large the result; leaving the loop cancels the job.
   * Throws OTHER_KERNELS when the job began again after some blocks were taken, as it may during an upgrade.
   */
  async *blocks(options: JobOptions = {}): AsyncGenerator<ResultBlock> {
    yield* streamedBlocks(computeStream(this.connection, this.toExpression(), options));
  }

  /**
   * Computes it and writes it to a file or store: a path or an s3: URL, in the format that its ending says. It is written as blocks
   * come, in bounded memory, and appears when it is whole; aborting cancels the job and leaves nothing.
   * Throws INVALID_ARGUMENT when there is something under the name and `overwrite` is not set, and DISK_FULL.
   */
  async save(target: string, options: SaveArrayOptions = {}): Promise<SavedResults> {
    const { saveArrays } = await import('./save/save.ts');
    return saveArrays(this.connection, target, [{ array: this }], options);
  }

  /** Starts to compute it and keeps the result on the workers until it is released. */
  async persist(options: JobOptions = {}): Promise<PersistedArray> {
    // As an operand it is a lazy array again, whose module takes this one for its own beginning.
    const { PersistedArray } = await import('./persisted-array.ts');
    const expression = this.toExpression();
    const request = { ...jobFields(options), expression, persist: true };
    const { connection } = this;
    const repeatable = connection.repeatable(options.signal);
    const job = await call(connection.scheduler, 'submitCompute', request, repeatable);
    return new PersistedArray(connection, job.jobId);
  }

  /** The plan and what it would cost; nothing is computed. */
  async explain(options: { signal?: AbortSignal } = {}): Promise<ExplainResponse> {
    const request = { expression: this.toExpression() };
    const { connection } = this;
    return call(connection.scheduler, 'explain', request, connection.repeatable(options.signal));
  }
}
