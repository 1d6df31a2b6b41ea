import type { JobRun, SchedulerState } from './scheduler-state.ts';

/** The jobs of a caller that get tasks handed out, each priority in the order of whose turn is next. */
export type CallersTurns = Record<JobRun['priority'], Set<JobRun>>;

/** Enters a job among those of its priority that get tasks handed out, behind those that wait already. */
export function joinTurns(state: SchedulerState, job: JobRun): void {
  const wanted = wantedPriority(job);
  let turns = state.turns.get(job.caller);
  if (turns?.[wanted].has(job)) return;
  leaveTurns(state, job);
  turns = state.turns.get(job.caller) ?? { high: new Set(), normal: new Set(), low: new Set() };
  turns[wanted].add(job);
  state.turns.set(job.caller, turns);
}

/** Removes a job from those that get tasks handed out. */
export function leaveTurns(state: SchedulerState, job: JobRun): void {
  const turns = state.turns.get(job.caller);
  if (turns === undefined) return;
  for (const jobs of [turns.high, turns.normal, turns.low]) jobs.delete(job);
  if (turns.high.size + turns.normal.size + turns.low.size === 0) state.turns.delete(job.caller);
}

/** Whether a job is among those that get tasks handed out. */
export function isInTurn(state: SchedulerState, job: JobRun): boolean {
  const turns = state.turns.get(job.caller);
  return turns !== undefined && [turns.high, turns.normal, turns.low].some((jobs) => jobs.has(job));
}

/** The most urgent of a job and of those that wait for its blocks. */
function wantedPriority(job: JobRun): JobRun['priority'] {
  if (job.borrowers.size === 0) return job.priority;
  const waiting = [job, ...job.borrowers].map(({ priority }) => priority);
  if (waiting.includes('high')) return 'high';
  return waiting.includes('normal') ? 'normal' : 'low';
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
  for (const jobs of [turns.high, turns.normal, turns.low]) if (jobs.delete(job)) jobs.add(job);
}
