import { HyperslabError } from '@hyperslab/errors';
import { type Job, JobAccepted } from '@hyperslab/proto/scheduler';
import { SharedWork } from '@hyperslab/storage';
import { activeTraceparent } from '@hyperslab/telemetry';
import { readersView } from '../jobs/job-view.ts';
import { requireJob } from '../jobs/watch-job.ts';
import type { Scheduler } from '../scheduler.ts';
import type { JobDefinition } from '../state/scheduler-state.ts';
import { mayBeReadInPart } from '../state/shared-results.ts';
import { encodePlan } from './encode-plan.ts';
import { contentOf, type JobRequest, jobIdOf, jobKind, jobPriority } from './job-identity.ts';
import type { PlannedRequest, PlanRequest } from './plan-request.ts';

interface Submission {
  content: string;
  /** Done when the job is accepted. */
  accepted: SharedWork<void>;
}

/** Turns requests into jobs, each once. */
export class Submissions {
  readonly #scheduler: Scheduler;
  readonly #plan: PlanRequest;
  readonly #known = new Map<string, Submission>();

  constructor(scheduler: Scheduler, plan: PlanRequest) {
    this.#scheduler = scheduler;
    this.#plan = plan;
  }

  /**
   * Accepts a request, or answers the job that an equal one made.
   * @throws HyperslabError REQUEST_REUSED, EXPRESSION_INVALID, and what planning or the journal says
   */
  async submit(caller: string, request: JobRequest, signal: AbortSignal): Promise<Job> {
    const jobId = jobIdOf(caller, request);
    const content = contentOf(request);
    let submission = this.#known.get(jobId);
    if (submission === undefined || submission.accepted.abandoned) {
      const accepted = new SharedWork((shared) => this.#accept(jobId, caller, request, shared));
      submission = { content, accepted };
      this.#remember(jobId, submission);
    } else if (submission.content !== content) {
      throw new HyperslabError(
        'REQUEST_REUSED',
        `request "${request.value.requestId}": it was used for something else; choose a new request_id`,
      );
    }
    await submission.accepted.join(signal);
    const { state } = this.#scheduler;
    return readersView(state, requireJob(state, jobId));
  }

  /** Takes up a job from before a restart: `accepted` settles when it is there. */
  restore(jobId: string, request: JobRequest, accepted: Promise<void>): void {
    this.#remember(jobId, { content: contentOf(request), accepted: new SharedWork(() => accepted) });
  }

  forget(jobId: string): void {
    this.#known.delete(jobId);
  }

  #remember(jobId: string, submission: Submission): void {
    this.#known.set(jobId, submission);
    submission.accepted.result.catch(() => {
      if (this.#known.get(jobId) === submission) this.#known.delete(jobId);
    });
  }

  async #accept(jobId: string, caller: string, request: JobRequest, signal: AbortSignal): Promise<void> {
    const planned = await this.#plan(jobId, request, {}, signal);
    const { kept, resolvedDatasets } = planned;
    const accepted = JobAccepted.fromPartial({ jobId, caller, request, resolvedDatasets });
    const kind = jobKind(request);
    const change = { $case: 'accepted' as const, value: accepted };
    const { journal } = this.#scheduler;
    // What a client submits again if need be is no reason to wait, or to fail.
    if (kind === 'publish' || kind === 'persist') await journal.append(change, signal);
    else journal.appendBehind(change);
    const now = Date.now();
    const own = defineJob(jobId, caller, request, planned);
    // Asked only now, for what was kept when it was planned may be gone: from here on it is not.
    const isRead = kept !== undefined && this.#isBestRead(own.fingerprint, kept.jobId);
    const job = isRead ? defineJob(jobId, caller, request, { ...planned, plan: kept.plan }) : own;
    this.#scheduler.dispatch({
      type: 'JobAccepted',
      job: { ...job, resumed: false, submittedMs: now, startAfterMs: now },
    });
  }

  /** Whether a result of which a job wants a part is there, and nobody has computed, or computes, just that part. */
  #isBestRead(fingerprint: string, keptJob: string): boolean {
    const { state } = this.#scheduler;
    const kept = state.jobs.get(keptJob);
    return kept !== undefined && mayBeReadInPart(state, kept) && !state.lenders.has(fingerprint);
  }
}

/** A job of a request and its plan, but for its times; its trace is that of this code. */
export function defineJob(
  id: string,
  caller: string,
  request: JobRequest,
  { plan, description, resolvedDatasets }: PlannedRequest,
): Omit<JobDefinition, 'resumed' | 'submittedMs' | 'startAfterMs'> {
  const traceparent = activeTraceparent();
  const [kind, priority] = [jobKind(request), jobPriority(request)];
  const encoded = encodePlan(plan);
  return { id, kind, caller, priority, description, plan, resolvedDatasets, ...encoded, traceparent };
}
