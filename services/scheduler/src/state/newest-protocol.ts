import type { Effect } from './effects.ts';
import type { JobRun, SchedulerState } from './scheduler-state.ts';

/** The newest version of the protocol that any worker speaks which takes tasks; 0 when there is none. */
export function newestProtocol({ open }: Pick<SchedulerState, 'open'>): number {
  let newest = 0;
  for (const { spoken } of open.values())
    for (const [version, count] of spoken) if (count > 0 && version > newest) newest = version;
  return newest;
}

/** Whether workers take tasks and none of them knows all that is in a plan: as long as the mesh is upgraded. */
export function waitsForNewer({ protocolVersion }: JobRun, newest: number): boolean {
  return newest > 0 && newest < protocolVersion;
}

/** Who watches a job hears that it waits for newer workers, and that it does no more. */
export function tellWhoWaits(state: SchedulerState, before: number, effects: Effect[]): void {
  const newest = newestProtocol(state);
  if (newest === before) return;
  for (const job of state.jobs.values()) {
    if (job.phase === 'running' && waitsForNewer(job, before) !== waitsForNewer(job, newest))
      effects.push({ type: 'JobChanged', jobId: job.id });
  }
}
