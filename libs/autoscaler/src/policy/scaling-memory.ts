import type { Figures, WorkerSize } from './figures.ts';
import { emptyWishes, type Wishes } from './wishes.ts';

/** What the policy remembers from one decision to the next; its size does not grow with time. */
export interface ScalingMemory {
  /** How many would have been enough lately. */
  wishes: Wishes;
  /** Changes of the last minute. */
  changes: readonly { timeMs: number; by: number }[];
  /** When each worker that is starting began to, the longest first. */
  startingSinceMs: readonly number[];
  /** When there was work last, as far as known. */
  lastWorkMs: number;
  /** What a worker was when one was seen. */
  size: WorkerSize | undefined;
}

const minuteMs = 60_000;

/** The memory of a policy that begins now. */
export function emptyMemory(nowMs: number): ScalingMemory {
  return {
    wishes: emptyWishes(nowMs),
    changes: [],
    startingSinceMs: [],
    lastWorkMs: nowMs,
    size: undefined,
  };
}

/** Takes note of the figures. */
export function remember(
  memory: ScalingMemory,
  figures: Figures,
  wanted: number,
  nowMs: number,
): ScalingMemory {
  const hasWork = figures.tasksQueued + figures.tasksRunning > 0;
  return {
    ...memory,
    changes: memory.changes.filter(({ timeMs }) => nowMs - timeMs < minuteMs),
    startingSinceMs: startingSince(memory.startingSinceMs, wanted - figures.workers, nowMs),
    lastWorkMs: hasWork ? nowMs : memory.lastWorkMs,
    size: figures.size ?? memory.size,
  };
}

/** Takes note that there are none: who can't be asked may come back without its jobs. */
export function rememberAbsence(memory: ScalingMemory, nowMs: number): ScalingMemory {
  return { ...memory, wishes: emptyWishes(nowMs), lastWorkMs: nowMs };
}

/** Workers that were added (1), or told to go (-1), within the last minute. */
export function changed({ changes }: ScalingMemory, direction: 1 | -1): number {
  return changes.reduce((sum, { by }) => (Math.sign(by) === direction ? sum + Math.abs(by) : sum), 0);
}

/** Takes note of a change. */
export function withChange(memory: ScalingMemory, by: number, timeMs: number): ScalingMemory {
  return { ...memory, changes: [...memory.changes, { timeMs, by }] };
}

/** Who is ready is taken to have started first: the scheduler does not know workers that never came. */
function startingSince(before: readonly number[], starting: number, nowMs: number): number[] {
  const count = Math.max(0, starting);
  const kept = before.slice(Math.max(0, before.length - count));
  return [...kept, ...Array(count - kept.length).fill(nowMs)];
}
