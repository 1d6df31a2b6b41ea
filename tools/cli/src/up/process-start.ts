import { readFileSync } from 'node:fs';

/**
 * When a process started, in the kernel's ticks since boot (proc(5), field 22 of /proc/PID/stat); empty where there is
 * no such file. Together with the pid it names a process for good.
 */
export function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name is in parentheses and may hold spaces: count from behind the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Whether a process runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the process that was recorded still runs, and the pid has not gone to another. */
export function isSameProcess(pid: number, recordedStart: string): boolean {
  if (!isRunning(pid)) return false;
  return recordedStart === '' || processStart(pid) === recordedStart;
}
