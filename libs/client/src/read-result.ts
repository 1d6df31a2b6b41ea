import { isDeepStrictEqual } from 'node:util';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { ResultDescription } from '@hyperslab/proto/expression';
import type { Job } from '@hyperslab/proto/scheduler';
import { Backoff } from './backoff.ts';
import { type BlockRun, BlocksRead } from './blocks-read.ts';
import type { Connection } from './connection.ts';
import { assertNotFailed, type Submit } from './jobs.ts';
import type { ResultBlock } from './result-blocks.ts';
import { blockCount, foundByOne, heldByEach } from './result-sources.ts';

/** What a result is, and then its blocks. */
export type ResultItem =
  /** One that comes again says why the blocks before it are void. */
  { description: ResultDescription; begunAgain?: HyperslabError; block?: undefined } | { block: ResultBlock };

const resubmissionsAllowed = 5;
/** During an upgrade a job begins again once; one whose kernels change on and on is not read to its end. */
const restartsAllowed = 3;
/** What several workers did not send is asked for in so many calls at most, a few round trips each. */
const mostRuns = 64;

/** As a request says it. */
const all: BlockRun = { first: 0, count: 0 };

/** How a result is read. */
export interface ReadOptions {
  signal?: AbortSignal;
  /** Blocks may come in any order: then each worker sends what it holds, rather than one of them all. */
  anyOrder?: boolean;
}

/**
 * Streams the result of a job from the workers: first its description, then each block once, in order unless any will do. A lost connection
 * is made again where it broke off, at another worker if there is one. `submit` is asked for the job before each try: the
 * same job while the scheduler knows it, a new one of the same request when it has forgotten. When the job began again with
 * other kernels, in other blocks, or of other versions of what it reads, what was read is void: the description comes again, and the blocks from the first.
 */
export async function* readResult(
  connection: Connection,
  submit: Submit,
  onJob: (job: Job) => void,
  { signal, anyOrder = false }: ReadOptions = {},
): AsyncGenerator<ResultItem> {
  const { patienceMs, workerCount } = connection;
  const backoff = new Backoff({ patienceMs, addresses: workerCount, signal });
  let description: ResultDescription | undefined;
  const read = new BlocksRead();
  let kernels: string | undefined;
  let losses = 0;
  let restarts = 0;
  let begunAgain: HyperslabError | undefined;
  let datasets: Job['datasets'] | undefined;
  // What none has sent by itself, one of them finds.
  let fromEach = anyOrder;
  const isWhole = () => description !== undefined && read.first >= blockCount(description);
  for (let heldAt: string | undefined; ; ) {
    const job = await submit();
    onJob(job);
    assertNotFailed(job);
    try {
      // Before anything was read nothing is void.
      if (description === undefined) datasets = job.datasets;
      else if (!isDeepStrictEqual(job.datasets, datasets)) throw otherVersions(job.jobId);
      const source = { connection, job, isWhole, signal };
      const held = fromEach ? await heldByEach(source) : undefined;
      fromEach = false;
      const lacking = description === undefined ? [all] : read.missing(blockCount(description), mostRuns);
      for await (const item of held ?? foundByOne(source, lacking, heldAt)) {
        if ('header' in item) {
          const said = item.header.result;
          if (said === undefined)
            throw new HyperslabError('INTERNAL', 'a result came without its description');
          if (description === undefined) yield { description: said, begunAgain };
          else assertSameResult(job.jobId, description, said);
          description = said;
        } else {
          backoff.succeeded();
          kernels ??= item.block.kernelVersion;
          if (item.block.kernelVersion !== kernels) throw otherKernels(job.jobId, item.block);
          if (!read.add(item.block.block)) continue;
          yield { block: item.block };
        }
      }
      if (isWhole()) return;
      if (held !== undefined) continue;
      throw new HyperslabError(
        'SHORT_READ',
        `the result of job ${job.jobId} ended before block ${read.first}`,
      );
    } catch (error) {
      // Any other worker is as good now.
      heldAt = '';
      if (isHyperslabError(error, 'JOB_NOT_FOUND') && ++losses <= resubmissionsAllowed) continue;
      if (isHyperslabError(error, 'OTHER_KERNELS')) {
        if (++restarts > restartsAllowed) throw error;
        begunAgain = error;
        description = undefined;
        kernels = undefined;
        read.clear();
        // A worker that has not heard of it yet has blocks of before.
      }
      await backoff.failed(error);
    }
  }
}

function otherKernels(jobId: string, { block, kernelVersion }: ResultBlock): HyperslabError {
  return new HyperslabError(
    'OTHER_KERNELS',
    `block ${block} of job ${jobId} was made by kernels of version ${kernelVersion} and those before it were not: the job ` +
      'began again while it was read; read it again',
    { job: jobId },
  );
}

function otherVersions(jobId: string): HyperslabError {
  return new HyperslabError(
    'OTHER_KERNELS',
    `job ${jobId} was planned again while its result was read, and a dataset that it names was published again in between; read it again`,
    { job: jobId },
  );
}

/** @throws HyperslabError OTHER_KERNELS for the same result in other blocks, OBJECT_CHANGED for another result */
function assertSameResult(jobId: string, before: ResultDescription, now: ResultDescription): void {
  if (isSame(before, now)) return;
  if (isSame({ ...before, blockGrid: now.blockGrid }, now)) {
    throw new HyperslabError(
      'OTHER_KERNELS',
      `job ${jobId} was planned again in other blocks while its result "${before.name}" was read; read it again`,
      { job: jobId },
    );
  }
  throw new HyperslabError(
    'OBJECT_CHANGED',
    `the result "${before.name}" became another one while it was read; was its dataset published again? compute it again`,
  );
}

function isSame(one: ResultDescription, other: ResultDescription): boolean {
  const bytes = (description: ResultDescription) => ResultDescription.encode(description).finish();
  return Buffer.compare(bytes(one), bytes(other)) === 0;
}
