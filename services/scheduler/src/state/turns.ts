import type { JobRun, SchedulerState } from './scheduler-state.ts';

/** Enters a job among those that get tasks handed out, behind those that wait already. */
export function joinTurns(state: SchedulerState, job: JobRun): void {
  const jobs = state.turns.get(job.caller);
  if (jobs === undefined) state.turns.set(job.caller, new Set([job]));
  else jobs.add(job);
}

/** Removes a job from those that get tasks handed out. */
export function leaveTurns(state: SchedulerState, job: JobRun): void {
  const jobs = state.turns.get(job.caller);
  if (jobs === undefined) return;
  jobs.delete(job);
  if (jobs.size === 0) state.turns.delete(job.caller);
}

/** Jobs in the order of their turns: callers one after the other, and each caller's jobs so. Stop before changing it. */
export function* inTurn(state: SchedulerState): Generator<JobRun> {
  let callers = [...state.turns.values()].map((jobs) => jobs.values());
  while (callers.length > 0) {
    const left: typeof callers = [];
    for (const jobs of callers) {
      const next = jobs.next();
      if (next.done) continue;
      left.push(jobs);
      yield next.value;
    }
    callers = left;
  }
}

/** A job had its turn: its caller goes last among callers, and the job last among the caller's. */
export function endTurn(state: SchedulerState, job: JobRun): void {
  const jobs = state.turns.get(job.caller);
  if (jobs === undefined) return;
  state.turns.delete(job.caller);
  state.turns.set(job.caller, jobs);
  if (jobs.delete(job)) jobs.add(job);
}
