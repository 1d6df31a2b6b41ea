import { HyperslabError } from '@hyperslab/errors';
import type { PersistedArray } from '@hyperslab/expression';
import type { Scheduler } from '../scheduler.ts';
import type { JobRun } from '../state/scheduler-state.ts';

/** A persisted array, and the datasets with their versions that it was made of, through others that were persisted. */
export interface PersistedResult extends PersistedArray {
  madeOf: string[];
}

/** What jobs have persisted and expressions name. */
export class PersistedResults {
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /**
   * What a job has persisted, or is about to: who reads it waits for it.
   * @throws HyperslabError JOB_NOT_FOUND when it is unknown, was released, or failed; EXPRESSION_INVALID when it persists nothing
   */
  async get(jobId: string, signal: AbortSignal): Promise<PersistedResult> {
    await this.#scheduler.recovered(jobId, signal);
    const job = this.#scheduler.state.jobs.get(jobId);
    if (job === undefined) throw notFound(jobId, 'no such job');
    if (job.kind !== 'persist') {
      const message = `job ${jobId}: it persists nothing; only what was persisted can be an operand`;
      throw new HyperslabError('EXPRESSION_INVALID', message, { job: jobId });
    }
    if (job.phase === 'failed') throw notFound(jobId, `it failed: ${job.error?.message}`);
    if (job.phase === 'cancelled') throw notFound(jobId, 'it was cancelled');
    const { result, stages } = job.plan;
    if (job.returned || result === undefined) throw notFound(jobId, 'its result was released');
    return { jobId, stage: stages.length - 1, result, madeOf: [...madeOf(job)] };
  }
}

function madeOf({ plan, reads }: JobRun): Set<string> {
  const own = plan.sources.flatMap(({ dataset, persisted }) =>
    dataset === '' || persisted !== undefined ? [] : [dataset],
  );
  return new Set([...own, ...[...reads].flatMap((read) => [...madeOf(read)])]);
}

function notFound(jobId: string, why: string): HyperslabError {
  return new HyperslabError('JOB_NOT_FOUND', `job ${jobId}: ${why}; persist the expression again`, {
    job: jobId,
  });
}
