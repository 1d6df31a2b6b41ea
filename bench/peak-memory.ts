import { readFileSync } from 'node:fs';
import { processTree } from './process-tree.ts';

/** Largest resident memory so far of each service below a process, MiB: of several processes of one service, the largest. */
export function peakMemory(root: number): Map<string, number> {
  const peaks = new Map<string, number>();
  for (const pid of processTree(root)) {
    const service = /services\/([a-z-]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] ?? 'other';
    peaks.set(service, Math.max(peaks.get(service) ?? 0, peakOf(pid)));
  }
  return peaks;
}

/** Largest resident memory of a process so far, MiB. */
export function peakOf(pid: number): number {
  const line = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}
