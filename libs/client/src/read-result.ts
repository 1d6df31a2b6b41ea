import { cellCount } from '@hyperslab/array';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { ResultDescription } from '@hyperslab/proto/expression';
import type { Job } from '@hyperslab/proto/scheduler';
import { openStream } from '@hyperslab/rpc/calls';
import { Backoff } from './backoff.ts';
import type { Connection } from './connection.ts';
import { assertNotFailed, type Submit } from './jobs.ts';
import { assembleBlocks, type ResultBlock } from './result-blocks.ts';

/** What a result is, and then its blocks in order. */
export type ResultItem = { description: ResultDescription; block?: undefined } | { block: ResultBlock };

const resubmissionsAllowed = 5;

/**
 * Streams the result of a job from the workers: first its description, then each block once, in order. A lost connection
 * is made again where it broke off, at another worker if there is one. `submit` is asked for the job before each try: the
 * same job while the scheduler knows it, a new one of the same request when it has forgotten.
 */
export async function* readResult(
  connection: Connection,
  submit: Submit,
  onJob: (job: Job) => void,
  signal?: AbortSignal,
): AsyncGenerator<ResultItem> {
  const backoff = new Backoff({ patienceMs: connection.patienceMs, signal });
  let description: ResultDescription | undefined;
  let nextBlock = 0;
  let losses = 0;
  for (;;) {
    const job = await submit();
    onJob(job);
    assertNotFailed(job);
    try {
      const request = { jobId: job.jobId, firstBlock: nextBlock, blocks: 0 };
      const frames = openStream(connection.nextWorker(), 'readResult', request, { signal });
      for await (const item of assembleBlocks(frames)) {
        if ('header' in item) {
          const said = item.header.result;
          if (said === undefined)
            throw new HyperslabError('INTERNAL', 'a result came without its description');
          if (description === undefined) yield { description: said };
          else assertSameResult(description, said);
          description = said;
        } else {
          backoff.succeeded();
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
      await backoff.failed(error);
    }
  }
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
