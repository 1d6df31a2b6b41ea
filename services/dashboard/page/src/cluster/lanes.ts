/** What a task needs to be placed. */
export interface LaneTask {
  start: number;
  end: number;
}

/** Puts tasks into the first lane that is free when they begin: no two of a lane overlap. */
export function assignLanes<T extends LaneTask>(tasks: readonly T[]): { task: T; lane: number }[] {
  const ends: number[] = [];
  return tasks
    .toSorted((a, b) => a.start - b.start)
    .map((task) => {
      const free = ends.findIndex((end) => end <= task.start);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = task.end;
      return { task, lane };
    });
}
