import type { Effect } from '../state/effects.ts';
import type { SchedulerEvent } from '../state/events.ts';
import { expectedSeconds } from '../state/pace.ts';
import { hasEnded, type JobRun, type SchedulerState } from '../state/scheduler-state.ts';
import { taskStates } from '../state/task-table.ts';

/** What waits and what is held, of one job or of all. */
export interface Load {
  /** Tasks that wait for room or for their inputs. */
  waiting: number;
  /** Tasks that wait or that workers have. */
  open: number;
  /** Seconds that one slot would take for the open ones. */
  slotSeconds: number;
  /** Bytes of blocks that must not be lost. */
  heldBytes: number;
  /** Jobs that have not ended. */
  running: number;
}

const nothing: Load = { waiting: 0, open: 0, slotSeconds: 0, heldBytes: 0, running: 0 };

/** The load of one job: as much work as it has stages, however many tasks these have. */
export function loadOf(job: JobRun): Load {
  const ended = hasEnded(job);
  const load = { ...nothing, running: ended ? 0 : 1 };
  for (const { tasks } of job.stages) {
    if (tasks === undefined) continue;
    load.waiting += tasks.counts[taskStates.waiting];
    load.open += tasks.counts[taskStates.waiting] + tasks.counts[taskStates.running];
    if ((job.kind === 'persist' && !job.returned) || !ended) load.heldBytes += tasks.heldBytes;
  }
  load.slotSeconds = load.open * expectedSeconds(job);
  return load;
}

/**
 * The load of all jobs, without walking them: only those are counted anew that something happened to since the last
 * time.
 */
export class JobTallies {
  readonly #loads = new Map<string, Load>();
  readonly #touched = new Set<string>();
  readonly #sum: Load = { ...nothing };

  /** Takes note of the jobs that an event is about, or that something is done about. */
  observe(event: SchedulerEvent, effects: readonly Effect[]): void {
    if ('jobId' in event) this.#touched.add(event.jobId);
    else if ('task' in event) this.#touched.add(event.task.jobId);
    else if ('job' in event) this.#touched.add(event.job.id);
    for (const effect of effects) {
      if ('jobId' in effect) this.#touched.add(effect.jobId);
      else if (effect.type === 'SendTasks') for (const { jobId } of effect.runs) this.#touched.add(jobId);
    }
  }

  /** The load now. */
  sum(state: SchedulerState): Readonly<Load> {
    for (const jobId of this.#touched) {
      const job = state.jobs.get(jobId);
      const now = job === undefined ? nothing : loadOf(job);
      const before = this.#loads.get(jobId) ?? nothing;
      for (const name of Object.keys(nothing) as (keyof Load)[]) this.#sum[name] += now[name] - before[name];
      if (now.open + now.heldBytes + now.running > 0) this.#loads.set(jobId, now);
      else this.#loads.delete(jobId);
    }
    this.#touched.clear();
    // Sums of fractions that come and go leave a rest.
    if (this.#sum.open === 0) this.#sum.slotSeconds = 0;
    return this.#sum;
  }
}
