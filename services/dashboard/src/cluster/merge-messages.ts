import type { ClusterMessage } from './messages.ts';

/** What a page keeps, and what a message to it therefore holds at most. */
export const most = { tasks: 2_000, events: 300, endedJobs: 100, historyMs: 2 * 3_600_000 };

/** A message that says nothing yet. */
export function emptyMessage(time: number): ClusterMessage {
  return {
    complete: false,
    problem: '',
    time,
    workers: [],
    workersGone: [],
    jobs: [],
    jobsGone: [],
    resolution: 0,
    points: [],
    tasks: [],
    tasksLeftOut: 0,
    events: [],
  };
}

/**
 * Two messages as one that says the same: of each worker and job the later view, and no more of tasks, events, ended
 * jobs and points than a page keeps. Merging all messages gives the state as a whole, which a new page is sent.
 */
export function mergeMessages(before: ClusterMessage, after: ClusterMessage): ClusterMessage {
  if (after.complete) return after;
  const tasks = [...before.tasks, ...after.tasks];
  return {
    complete: before.complete,
    problem: after.problem,
    time: after.time,
    totals: after.totals ?? before.totals,
    scaling: after.scaling ?? before.scaling,
    workers: latest(before.workers, after.workers, after.workersGone),
    workersGone: gone(before.workersGone, after.workersGone, after.workers),
    jobs: withoutOldJobs(latest(before.jobs, after.jobs, after.jobsGone)),
    jobsGone: gone(before.jobsGone, after.jobsGone, after.jobs),
    resolution: after.resolution || before.resolution,
    points: [...before.points, ...after.points].filter(({ time }) => time > after.time - most.historyMs),
    tasks: tasks.slice(-most.tasks),
    tasksLeftOut: before.tasksLeftOut + after.tasksLeftOut + Math.max(0, tasks.length - most.tasks),
    events: [...before.events, ...after.events].slice(-most.events),
  };
}

interface Identified {
  id: string;
}

/** Later views in the place of earlier ones, in the order in which they first came. */
function latest<T extends Identified>(
  before: readonly T[],
  after: readonly T[],
  left: readonly string[],
): T[] {
  const byId = new Map(before.map((each) => [each.id, each]));
  for (const each of after) byId.set(each.id, each);
  for (const id of left) byId.delete(id);
  return [...byId.values()];
}

function gone(before: readonly string[], after: readonly string[], back: readonly Identified[]): string[] {
  const ids = new Set(before);
  for (const { id } of back) ids.delete(id);
  for (const id of after) ids.add(id);
  return [...ids];
}

function withoutOldJobs<T extends { ended: number }>(jobs: T[]): T[] {
  const ended = jobs.filter(({ ended }) => ended > 0);
  if (ended.length <= most.endedJobs) return jobs;
  const oldest = ended.sort((a, b) => b.ended - a.ended)[most.endedJobs].ended;
  return jobs.filter(({ ended }) => ended === 0 || ended > oldest);
}
