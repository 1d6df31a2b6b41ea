const eighths = ' ▁▂▃▄▅▆▇█';

/** Values as a line of columns, the highest the largest; the last so many. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const highest = Math.max(...shown, 0);
  return shown
    .map((value) => {
      if (value <= 0 || highest === 0) return eighths[1];
      return eighths[Math.max(1, Math.ceil((value / highest) * 8))];
    })
    .join('');
}

/** A bar of parts beside each other, each in its own sign, of a whole that is `total`. */
export function stackedBar(
  parts: readonly (readonly [sign: string, value: number])[],
  total: number,
  width: number,
) {
  let bar = '';
  let sum = 0;
  for (const [sign, value] of parts) {
    sum += value;
    const end = total <= 0 ? 0 : Math.min(width, Math.round((sum / total) * width));
    if (end > bar.length) bar += sign.repeat(end - bar.length);
  }
  return bar.padEnd(width);
}

/** How much of something is done. */
export function progressBar(done: number, all: number, width: number): string {
  return stackedBar([['█', done]], all, width).replaceAll(' ', '░');
}
