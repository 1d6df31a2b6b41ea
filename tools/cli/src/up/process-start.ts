import { readFileSync } from 'node:fs';

/**
 * When a process started, in the kernel's ticks since boot (proc(5), field 22 of /proc/PID/stat); empty where there is
 * no such file. Together with the pid it names a process for good.
 */
export function processStart(pid: number): string {
  return statusFields(pid)[19] ?? '';
}

/** The fields of /proc/PID/stat from the third, the state, on; none where there is no such file. */
function statusFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name is in parentheses and may hold spaces: count from behind the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Whether a process runs. One that has ended and that nobody has waited for yet does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return statusFields(pid)[0] !== 'Z';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the process that was recorded still runs, and the pid has not gone to another. */
export function isSameProcess(pid: number, recordedStart: string): boolean {
  if (!isRunning(pid)) return false;
  return recordedStart === '' || processStart(pid) === recordedStart;
}
