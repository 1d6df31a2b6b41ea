/** What one contestant took in one round. */
export interface Measurement {
  /** Seconds to open and merge all files, nothing kept from before. */
  openS: number;
  /** Seconds for a mean over time, the files in the page cache. */
  meanS: number;
  /** Largest resident memory of its processes, summed, MiB. */
  peakMib: number;
  /** Seconds to open again in a new session what was opened before; absent for who can't. */
  reopenS?: number;
  /** Mean of the result, to see that all computed the same. */
  checksum: number;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** A Markdown table of medians, with the ratio of each contestant's time to the first one's. */
export function table(results: Map<string, Measurement[]>): string {
  const [first] = results.values();
  const rows = [...results].map(([name, rounds]) => {
    const of = (pick: (m: Measurement) => number) => median(rounds.map(pick));
    const ratio = (pick: (m: Measurement) => number) => `${(of(pick) / median(first.map(pick))).toFixed(1)}×`;
    const reopen =
      rounds[0].reopenS === undefined ? '–' : (of((m) => m.reopenS ?? Number.NaN) * 1000).toFixed(0);
    return [
      name,
      of((m) => m.openS).toFixed(2),
      ratio((m) => m.openS),
      reopen,
      of((m) => m.meanS).toFixed(2),
      ratio((m) => m.meanS),
      of((m) => m.peakMib).toFixed(0),
      of((m) => m.checksum).toPrecision(9),
    ];
  });
  const head = ['', 'open + merge, s', '', 'open again, ms', 'mean, s', '', 'peak MiB', 'mean of result'];
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
