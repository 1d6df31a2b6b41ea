/** A tick at a data point. */
export interface TimeTick {
  /** Number of the point. */
  index: number;
  label: string;
}

/** Ends of year, month, day, hour, minute and second in an ISO 8601 time of four-digit year. */
const prefixes = [4, 7, 10, 13, 16, 19];

/**
 * Ticks where a new year, month, day or hour begins, whichever gives enough of them, in any calendar: only the text of
 * the times is looked at.
 * @param most ticks
 */
export function timeTicks(times: readonly string[], most: number): TimeTick[] {
  const fewest = Math.min(3, times.length);
  for (const length of prefixes) {
    const starts = startsOf(times, length);
    if (starts.length < fewest && length !== prefixes[prefixes.length - 1]) continue;
    const every = Math.ceil(starts.length / most);
    return starts
      .filter((_, i) => i % every === 0)
      .map((index) => ({ index, label: labelOf(times[index], length) }));
  }
  return [];
}

function startsOf(times: readonly string[], length: number): number[] {
  return times.flatMap((time, index) =>
    index === 0 || time.slice(0, length) !== times[index - 1].slice(0, length) ? [index] : [],
  );
}

function labelOf(time: string, length: number): string {
  const text = time.slice(0, length).replace('T', ' ');
  return length === 13 ? `${text}:00` : text;
}
