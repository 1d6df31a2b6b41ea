import type { Figures, WorkerSize } from './figures.ts';

/** What the policy remembers from one decision to the next; its size does not grow with time. */
export interface ScalingMemory {
  /** Since when fewer workers have been enough, and the most that were needed since; undefined when they are not. */
  lower: { sinceMs: number; highest: number } | undefined;
  /** Changes of the last minute. */
  changes: readonly { timeMs: number; by: number }[];
  /** When each worker that is starting began to, the longest first. */
  startingSinceMs: readonly number[];
  /** When there was work last. */
  lastWorkMs: number;
  /** What a worker was when one was seen. */
  size: WorkerSize | undefined;
}

const minuteMs = 60_000;

/** The memory of a policy that begins now. */
export function emptyMemory(nowMs: number): ScalingMemory {
  return { lower: undefined, changes: [], startingSinceMs: [], lastWorkMs: nowMs, size: undefined };
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

/** Who is ready is taken to have started first: the scheduler does not know workers that never came. */
function startingSince(before: readonly number[], starting: number, nowMs: number): number[] {
  const count = Math.max(0, starting);
  const kept = before.slice(Math.max(0, before.length - count));
  return [...kept, ...Array(count - kept.length).fill(nowMs)];
}
