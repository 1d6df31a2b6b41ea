import { formatByteSize } from '@hyperslab/config';
import type { Figures, WorkerSize } from './figures.ts';

/** Which figure decides how many workers are needed. */
export type NeedRule = 'idle' | 'work' | 'tasks' | 'busy' | 'held';

/** How many workers are needed, and why. */
export interface Need {
  workers: number;
  rule: NeedRule;
  why: string;
}

/**
 * Part of a worker's memory that held blocks may take: about what a worker gives to blocks before it spills them, which
 * is a fifth of what the process itself leaves.
 */
const heldShare = 0.15;

/**
 * How many workers the figures ask for.
 * @param slack room to be left, as a part of what is needed: 0 when it is asked whether more are needed. When it is
 * asked whether fewer are enough, the tasks that run need their slots too, since work that comes as fast as it is
 * done never waits.
 */
export function need(figures: Figures, size: WorkerSize, targetMs: number, slack: number): Need {
  const candidates = [workNeed(figures, size, targetMs, slack), heldNeed(figures, size, slack)];
  if (slack > 0) candidates.push(busyNeed(figures, size, slack));
  return candidates.reduce((most, next) => (next.workers > most.workers ? next : most));
}

function workNeed(figures: Figures, { slots }: WorkerSize, targetMs: number, slack: number): Need {
  const { queuedSlotSeconds, tasksQueued, tasksRunning } = figures;
  const tasks = tasksQueued + tasksRunning;
  if (tasks === 0) return { workers: 0, rule: 'idle', why: 'there is no work' };
  const seconds = targetMs / 1000;
  const byWork = atLeastOne((queuedSlotSeconds * (1 + slack)) / (slots * seconds));
  const byTasks = atLeastOne(tasks / slots);
  if (byTasks < byWork) {
    return { workers: byTasks, rule: 'tasks', why: `${tasks} tasks fill the slots of ${byTasks}` };
  }
  const work = `${queuedSlotSeconds.toFixed(1)} slot seconds of work`;
  const why = `${work} need ${byWork} with ${slots} slots each and ${seconds} s to do it in${withRoom(slack)}`;
  return { workers: byWork, rule: 'work', why };
}

function busyNeed({ tasksRunning }: Figures, { slots }: WorkerSize, slack: number): Need {
  const workers = Math.ceil((tasksRunning * (1 + slack)) / slots);
  return { workers, rule: 'busy', why: `${tasksRunning} running tasks need ${workers}${withRoom(slack)}` };
}

function heldNeed({ heldBytes }: Figures, { memoryBytes }: WorkerSize, slack: number): Need {
  const workers = Math.ceil((heldBytes * (1 + slack)) / (memoryBytes * heldShare));
  const bytes = formatByteSize(heldBytes);
  return {
    workers,
    rule: 'held',
    why: `${bytes} of held blocks need the memory of ${workers}${withRoom(slack)}`,
  };
}

function atLeastOne(workers: number): number {
  return Math.max(1, Math.ceil(workers));
}

function withRoom(slack: number): string {
  return slack > 0 ? `, with ${slack * 100} % to spare` : '';
}
