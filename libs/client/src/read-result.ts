import { cellCount } from '@hyperslab/array';
import { asHyperslabError, HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { ResultDescription } from '@hyperslab/proto/expression';
import type { Job } from '@hyperslab/proto/scheduler';
import { call, openStream } from '@hyperslab/rpc/calls';
import { Backoff } from './backoff.ts';
import type { Connection } from './connection.ts';
import { assertNotFailed, hasEnded, type Submit } from './jobs.ts';
import { assembleBlocks, type ResultBlock } from './result-blocks.ts';
import { unlessSilent } from './unless-silent.ts';

/** What a result is, and then its blocks in order. */
export type ResultItem =
  /** One that comes again says why the blocks before it are void. */
  { description: ResultDescription; begunAgain?: HyperslabError; block?: undefined } | { block: ResultBlock };

const resubmissionsAllowed = 5;
/** During an upgrade a job begins again once; one whose kernels change on and on is not read to its end. */
const restartsAllowed = 3;

/** A worker fetches the blocks of a job that is done from its peers, which it notices to be gone within 15 seconds. */
const silenceAfterEndMs = 30_000;
const jobDeadlineMs = 5_000;

/**
 * Streams the result of a job from the workers: first its description, then each block once, in order. A lost connection
 * is made again where it broke off, at another worker if there is one. `submit` is asked for the job before each try: the
 * same job while the scheduler knows it, a new one of the same request when it has forgotten. When the job began again with
 * other kernels, what was read is void: the description comes again, and the blocks from the first.
 */
export async function* readResult(
  connection: Connection,
  submit: Submit,
  onJob: (job: Job) => void,
  signal?: AbortSignal,
): AsyncGenerator<ResultItem> {
  const { patienceMs, workerCount } = connection;
  const backoff = new Backoff({ patienceMs, addresses: workerCount, signal });
  let description: ResultDescription | undefined;
  let nextBlock = 0;
  let kernels: string | undefined;
  let losses = 0;
  let restarts = 0;
  let begunAgain: HyperslabError | undefined;
  // After a failure any other worker is as good.
  for (let heldAt: string | undefined; ; heldAt = '') {
    const job = await submit();
    onJob(job);
    assertNotFailed(job);
    try {
      const request = { jobId: job.jobId, firstBlock: nextBlock, blocks: 0 };
      const worker = await connection.nextWorker(heldAt ?? job.heldAt);
      const open = (stop: AbortSignal) => openStream(worker, 'readResult', request, { signal: stop });
      const onSilence = (silentMs: number) => assertStillComing(connection, job.jobId, silentMs, signal);
      const frames = unlessSilent(worker, open, { signal, onSilence });
      for await (const item of assembleBlocks(frames)) {
        if ('header' in item) {
          const said = item.header.result;
          if (said === undefined)
            throw new HyperslabError('INTERNAL', 'a result came without its description');
          if (description === undefined) yield { description: said, begunAgain };
          else assertSameResult(description, said);
          description = said;
        } else {
          backoff.succeeded();
          kernels ??= item.block.kernelVersion;
          if (item.block.kernelVersion !== kernels) throw otherKernels(job.jobId, item.block);
          nextBlock = item.block.block + 1;
          yield { block: item.block };
        }
      }
      if (description !== undefined && nextBlock >= blockCount(description)) return;
      throw new HyperslabError(
        'SHORT_READ',
        `the result of job ${job.jobId} ended before block ${nextBlock}`,
      );
    } catch (error) {
      if (isHyperslabError(error, 'JOB_NOT_FOUND') && ++losses <= resubmissionsAllowed) continue;
      if (isHyperslabError(error, 'OTHER_KERNELS')) {
        if (++restarts > restartsAllowed) throw error;
        begunAgain = error;
        description = undefined;
        kernels = undefined;
        nextBlock = 0;
        continue;
      }
      await backoff.failed(error);
    }
  }
}

/**
 * What a silent worker that is there is waited for: a job that runs sends nothing until a block is done. Throws what the
 * job failed with, and UNAVAILABLE when the job has been done for long enough. A scheduler that is away says neither.
 */
async function assertStillComing(
  connection: Connection,
  jobId: string,
  silentMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const options = { deadlineMs: jobDeadlineMs, signal };
  const job = await call(connection.scheduler, 'getJob', { jobId }, options).catch((error) => {
    const { reason, retryable } = asHyperslabError(error);
    if (retryable || reason === 'DEADLINE_EXCEEDED') return undefined;
    throw error;
  });
  if (job === undefined) return;
  assertNotFailed(job);
  if (!hasEnded(job) || silentMs < silenceAfterEndMs) return;
  throw new HyperslabError(
    'UNAVAILABLE',
    `job ${jobId} is done and a worker has sent nothing of it for ${silentMs / 1000} s; \`hyperslab status\` shows the workers`,
    { job: jobId },
  );
}

function otherKernels(jobId: string, { block, kernelVersion }: ResultBlock): HyperslabError {
  return new HyperslabError(
    'OTHER_KERNELS',
    `block ${block} of job ${jobId} was made by kernels of version ${kernelVersion} and those before it were not: the job ` +
      'began again while it was read; read it again',
    { job: jobId },
  );
}

/** How many blocks a result has. */
function blockCount(description: ResultDescription): number {
  return description.blockGrid.reduce((count, runs) => count * cellCount(runs), 1);
}

function assertSameResult(before: ResultDescription, now: ResultDescription): void {
  const bytes = (description: ResultDescription) => ResultDescription.encode(description).finish();
  if (Buffer.compare(bytes(before), bytes(now)) === 0) return;
  throw new HyperslabError(
    'OBJECT_CHANGED',
    `the result "${before.name}" became another one while it was read; was its dataset published again? compute it again`,
  );
}
