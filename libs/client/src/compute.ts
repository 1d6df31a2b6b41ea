import type { DataType, MaskedArray } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { Expression, ResultDescription } from '@hyperslab/proto/expression';
import type { Job, OutputRequest } from '@hyperslab/proto/scheduler';
import { call } from '@hyperslab/rpc/calls';
import type { Connection } from './connection.ts';
import { countValues } from './count-values.ts';
import {
  cancelQuietly,
  hasEnded,
  type JobOptions,
  jobFields,
  releaseQuietly,
  type Submit,
  watchJob,
} from './jobs.ts';
import { placeBlocks } from './place-blocks.ts';
import { type ReadOptions, type ResultItem, readResult } from './read-result.ts';
import type { ResultBlock } from './result-blocks.ts';
import { type ComputedCoordinate, readCoordinates } from './result-coordinates.ts';

/** A computed array, whole, with its coordinates. */
export interface ComputedArray extends MaskedArray {
  /** A name for it: of the variable when it is one, else the expression. */
  name: string;
  units: string;
  dimensions: string[];
  coordinates: ComputedCoordinate[];
  attributes: Attribute[];
  /** How many values are missing. */
  missing: number;
  /** How many values are NaN and not missing. */
  nan: number;
}

/** What yields a result: the description first, then the blocks. */
export type ResultStream = AsyncGenerator<ResultItem>;

/**
 * Computes an expression and streams its result; what was computed is released at the end, or cancelled when nobody reads on.
 * @param output a store that the workers write; the result is then figures of it
 */
export async function* computeStream(
  connection: Connection,
  expression: Expression,
  options: JobOptions & ReadOptions,
  output?: OutputRequest,
): ResultStream {
  const request = { ...jobFields(options), expression, persist: false, output };
  const submit = () =>
    call(connection.scheduler, 'submitCompute', request, connection.repeatable(options.signal));
  let job: Job | undefined;
  let finished = false;
  try {
    yield* followedResult(connection, submit, options, (current) => {
      job = current;
    });
    finished = true;
  } finally {
    if (job !== undefined) {
      if (!finished && !hasEnded(job)) await cancelQuietly(connection, job.jobId);
      connection.finishLater(releaseQuietly(connection, job.jobId));
    }
  }
}

/** Streams a result while telling how its job is. */
export async function* followedResult(
  connection: Connection,
  submit: Submit,
  options: JobOptions & ReadOptions,
  onJob: (job: Job) => void,
): ResultStream {
  const { onProgress, signal, anyOrder } = options;
  const follower = new AbortController();
  const followed = new Set<string>();
  const stop = signal === undefined ? follower.signal : AbortSignal.any([signal, follower.signal]);
  const follow = async (jobId: string) => {
    try {
      for await (const job of watchJob(connection, jobId, stop)) onProgress?.(job);
    } catch {
      // How it goes is told as far as it is known; whether it works is told by the result.
    }
  };
  try {
    yield* readResult(
      connection,
      submit,
      (job) => {
        onJob(job);
        if (onProgress === undefined || followed.has(job.jobId)) return;
        followed.add(job.jobId);
        void follow(job.jobId);
      },
      { signal, anyOrder },
    );
  } finally {
    follower.abort();
  }
}

/**
 * The blocks of a streamed result, for a reader who can't give back those that he has taken.
 * @throws HyperslabError OTHER_KERNELS when the job began again after some were taken
 */
export async function* streamedBlocks(stream: ResultStream): AsyncGenerator<ResultBlock> {
  for await (const item of stream) {
    if (item.block !== undefined) yield item.block;
    else if (item.begunAgain !== undefined) throw item.begunAgain;
  }
}

/** Gathers a streamed result into one array and reads its coordinates. */
export async function gatherResult(
  connection: Connection,
  stream: ResultStream,
  signal?: AbortSignal,
): Promise<ComputedArray> {
  let description: ResultDescription | undefined;
  let placed: ReturnType<typeof placeBlocks> | undefined;
  let read: Promise<ComputedCoordinate[]> | undefined;
  const counts = { missing: 0, nan: 0 };
  for await (const item of stream) {
    if (item.block !== undefined) {
      const { missing, nan } = countValues(item.block);
      counts.missing += missing;
      counts.nan += nan;
      placed?.place(item.block);
    } else {
      counts.missing = 0;
      counts.nan = 0;
      description = item.description;
      placed = placeBlocks(description.dtype as DataType, description.shape);
      read = readCoordinates(connection, description.coordinates, signal);
      // While the values come; a failure is met at the end.
      read.catch(() => undefined);
    }
  }
  const { name, units, dimensions, attributes } = description!;
  const { array } = placed!;
  return {
    name,
    units,
    dimensions,
    ...array,
    coordinates: await read!,
    attributes,
    ...counts,
  };
}
