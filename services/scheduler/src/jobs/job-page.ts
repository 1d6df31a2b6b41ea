import { HyperslabError } from '@hyperslab/errors';
import type { ListJobsRequest, ListJobsResponse } from '@hyperslab/proto/scheduler';
import type { JobRun, SchedulerState } from '../state/scheduler-state.ts';
import { jobState, jobView } from './job-view.ts';

const defaultPage = 100;
const largestPage = 1000;

/** A page of jobs, newest first. Jobs that are submitted meanwhile do not shift what follows. */
export function jobPage(
  state: Pick<SchedulerState, 'jobs' | 'open'>,
  request: ListJobsRequest,
): ListJobsResponse {
  const after = parseToken(request.pageToken);
  const size = Math.min(request.pageSize || defaultPage, largestPage);
  const newestFirst = [...state.jobs.values()].reverse().sort((a, b) => b.submittedMs - a.submittedMs);
  const start = after === undefined ? 0 : newestFirst.findIndex((job) => follows(job, after, newestFirst));
  const page: JobRun[] = [];
  if (start >= 0) {
    for (const job of newestFirst.slice(start)) {
      if (page.length > size) break;
      if (request.states.length === 0 || request.states.includes(jobState(job))) page.push(job);
    }
  }
  const more = page.length > size;
  const last = page[size - 1];
  return {
    jobs: page.slice(0, size).map((job) => jobView(job, state)),
    nextPageToken: more ? Buffer.from(`${last.submittedMs} ${last.id}`).toString('base64url') : '',
  };
}

interface Place {
  submittedMs: number;
  id: string;
}

function follows(job: JobRun, after: Place, newestFirst: JobRun[]): boolean {
  if (job.submittedMs !== after.submittedMs) return job.submittedMs < after.submittedMs;
  const place = newestFirst.findIndex(({ id }) => id === after.id);
  return place >= 0 && newestFirst.indexOf(job) > place;
}

function parseToken(token: string): Place | undefined {
  if (token === '') return undefined;
  const match = /^(\d{1,15}) (\S{1,100})$/.exec(Buffer.from(token, 'base64url').toString());
  if (match === null) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `page token "${token}": expected next_page_token of an earlier answer`,
    );
  }
  return { submittedMs: Number(match[1]), id: match[2] };
}
