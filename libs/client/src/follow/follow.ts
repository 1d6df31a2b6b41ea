import { setTimeout as delay } from 'node:timers/promises';
import {
  asHyperslabError,
  HyperslabError,
  isHyperslabError,
  type Reason,
  type StatusName,
} from '@hyperslab/errors';
import type { SubmitPublishRequest } from '@hyperslab/proto/scheduler';
import { call } from '@hyperslab/rpc/calls';
import { absoluteUrl } from '../absolute-url.ts';
import { listVersions } from '../catalog-calls.ts';
import type { Connection } from '../connection.ts';
import { type JobOptions, jobFields, runJob } from '../jobs.ts';
import { type MergeRequest, mergeOptions } from '../merge/merge-options.ts';
import { publishedBy } from '../publish.ts';
import { type FollowEvent, initialFollowState, newsOf, type RoundOutcome } from './follow-news.ts';

/** How a run that still grows is followed. */
export interface FollowOptions extends Omit<JobOptions, 'requestId'>, MergeRequest {
  /**
   * Time from the beginning of one look at the files to that of the next, milliseconds.
   * @default 30000
   */
  everyMs?: number;
  /**
   * A file that was changed within this time, milliseconds, may still be being written, and is left for later.
   * @default 10000
   */
  settleMs?: number;
}

const defaults = { everyMs: 30_000, settleMs: 10_000 };

/** What no later round would mend: it is wrong in what was asked for. */
const lasting: ReadonlySet<Reason> = new Set(['NAME_INVALID', 'URL_INVALID', 'OUTSIDE_ROOTS']);

/** Answers to a request that no repeat of it would change. A scheduler that is slow, full or restarting is not among them. */
const refusals: ReadonlySet<StatusName> = new Set(['INVALID_ARGUMENT', 'PERMISSION_DENIED']);

/** An error that ends the following. */
class Refused {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

/**
 * Publishes files again and again as they come, each time as a new version unless it would be equal to the latest, and tells what
 * happens. It remembers nothing that matters: a second one does no harm, and one that is started again goes on.
 */
export async function* follow(
  connection: Connection,
  name: string,
  urls: readonly string[],
  options: FollowOptions,
): AsyncGenerator<FollowEvent> {
  const { everyMs = defaults.everyMs, settleMs = defaults.settleMs, signal } = options;
  const request: Omit<SubmitPublishRequest, 'requestId'> = {
    name,
    urls: urls.map((url) => absoluteUrl(url, options.directory)),
    merge: await mergeOptions(options),
    variable: '',
    unlessSame: true,
    following: { settleMs },
  };
  let state = initialFollowState;
  let knowsLatest = false;
  for (;;) {
    const started = performance.now();
    const outcome = await round();
    const told = newsOf(state, outcome);
    state = told.state;
    yield* told.news;
    const isWaiting = 'leftOut' in outcome && outcome.leftOut.length > 0;
    const waitMs = isWaiting ? Math.min(everyMs, Math.max(settleMs, 1_000)) : everyMs;
    await pause(waitMs - (performance.now() - started), signal);
  }

  async function round(): Promise<RoundOutcome> {
    try {
      if (!knowsLatest) state = { ...state, version: await latestVersion(connection, name, signal) };
      knowsLatest = true;
      const repeatable = connection.repeatable(signal);
      const repeated = { ...jobFields({ priority: options.priority }), ...request };
      const submit = () =>
        call(connection.scheduler, 'submitPublish', repeated, repeatable).catch((error) => {
          const { status, reason } = asHyperslabError(error);
          throw refusals.has(status) || reason === 'TOO_LARGE' ? new Refused(error) : error;
        });
      const job = await runJob(connection, submit, options);
      return { published: publishedBy(job), leftOut: job.leftOut };
    } catch (thrown) {
      if (thrown instanceof Refused) throw thrown.error;
      const error = asHyperslabError(thrown);
      if (signal?.aborted || lasting.has(error.reason)) throw error;
      return { error };
    }
  }
}

/** The highest version of a name, hidden ones included; 0 when there is none. */
async function latestVersion(connection: Connection, name: string, signal?: AbortSignal): Promise<number> {
  try {
    for await (const { version } of listVersions(connection, name, { signal })) return version;
  } catch (error) {
    if (!isHyperslabError(error, 'DATASET_NOT_FOUND')) throw error;
  }
  return 0;
}

async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(Math.max(0, durationMs), undefined, { signal }).catch((error) => {
    throw new HyperslabError('CANCELLED', 'cancelled', {}, error);
  });
}
