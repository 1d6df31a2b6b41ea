import type { JobRun, SchedulerState } from './scheduler-state.ts';

/** The jobs of a caller that get tasks handed out, each priority in the order of whose turn is next. */
export type CallersTurns = Record<JobRun['priority'], Set<JobRun>>;

const priorities = ['high', 'normal', 'low'] as const satisfies JobRun['priority'][];

/** Enters a job among those of its priority that get tasks handed out, behind those that wait already. What it waits for is as urgent from then on. */
export function joinTurns(state: SchedulerState, job: JobRun): void {
  // One after the other: results may be made of each other in a row of thousands.
  const changed = new Set([job]);
  for (const each of changed) {
    // It may be changed again by another that reads it.
    changed.delete(each);
    if (!enter(state, each)) continue;
    for (const read of each.reads) if (priorityInTurn(state, read) !== undefined) changed.add(read);
  }
}

/** Whether its priority is another one than before. */
function enter(state: SchedulerState, job: JobRun): boolean {
  const wanted = wantedPriority(state, job);
  let turns = state.turns.get(job.caller);
  if (turns?.[wanted].has(job)) return false;
  leaveTurns(state, job);
  turns = state.turns.get(job.caller) ?? { high: new Set(), normal: new Set(), low: new Set() };
  turns[wanted].add(job);
  state.turns.set(job.caller, turns);
  return true;
}

/** Removes a job from those that get tasks handed out. */
export function leaveTurns(state: SchedulerState, job: JobRun): void {
  const turns = state.turns.get(job.caller);
  if (turns === undefined) return;
  for (const priority of priorities) turns[priority].delete(job);
  if (turns.high.size + turns.normal.size + turns.low.size === 0) state.turns.delete(job.caller);
}

/** The priority with which a job gets tasks handed out; undefined while it does not. */
export function priorityInTurn(state: SchedulerState, job: JobRun): JobRun['priority'] | undefined {
  const turns = state.turns.get(job.caller);
  return turns && priorities.find((priority) => turns[priority].has(job));
}

/** The most urgent of a job and of those that wait for its blocks: equal ones, and those that read them. */
function wantedPriority(state: SchedulerState, job: JobRun): JobRun['priority'] {
  if (job.borrowers.size + job.readers.size === 0) return job.priority;
  const waiting = new Set<JobRun['priority'] | undefined>([job.priority]);
  for (const { priority } of job.borrowers) waiting.add(priority);
  for (const reader of job.readers) waiting.add(priorityInTurn(state, reader));
  return priorities.find((priority) => waiting.has(priority)) ?? job.priority;
}

/**
 * The low jobs, or all others, in the order of their turns: callers one after the other, and each caller's jobs so, the high ones before the others. Stop
 * before changing it.
 */
export function* inTurn(state: SchedulerState, areLow: boolean): Generator<JobRun> {
  let waiting = [...state.turns.values()].map(areLow ? ({ low }) => low.values() : beforeLow);
  while (waiting.length > 0) {
    const left: typeof waiting = [];
    for (const jobs of waiting) {
      const next = jobs.next();
      if (next.done) continue;
      left.push(jobs);
      yield next.value;
    }
    waiting = left;
  }
}

/** Jobs of a caller that do not wait until nobody else has any, in the order of their turns. */
export function beforeLow({ high, normal }: CallersTurns): IterableIterator<JobRun> {
  return high.size === 0 ? normal.values() : [...high, ...normal].values();
}

/** A job had its turn: its caller goes last among callers, and the job last among the caller's of its priority. */
export function endTurn(state: SchedulerState, job: JobRun): void {
  const turns = state.turns.get(job.caller);
  if (turns === undefined) return;
  state.turns.delete(job.caller);
  state.turns.set(job.caller, turns);
  for (const priority of priorities) if (turns[priority].delete(job)) turns[priority].add(job);
}
