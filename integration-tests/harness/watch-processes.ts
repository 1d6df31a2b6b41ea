import { readFileSync } from 'node:fs';

const everyMs = 50;

/** What processes have taken, as the system counts it (proc(5)). */
interface ProcessUse {
  /** The most resident memory that any of them was seen with, bytes. */
  peakBytes: number;
  /** Processor time of all, seconds. */
  cpuSeconds: number;
  /** Bytes of all by reading system calls, files and sockets. */
  readBytes: number;
  writtenBytes: number;
}

interface Counts extends Omit<ProcessUse, 'peakBytes'> {
  residentBytes: number;
}

/** Processes that are looked at. */
export interface ProcessWatch {
  /** Looks at one more. */
  add(pid: number): void;
  end(): ProcessUse;
}

/** Looks at processes again and again until it is ended; those that are gone by then count as far as they were seen. */
export function watchProcesses(pids: readonly number[]): ProcessWatch {
  const began = new Map<number, Counts | undefined>();
  const latest = new Map<number, Counts>();
  let peakBytes = 0;
  const look = () => {
    for (const pid of began.keys()) {
      const counts = countsOf(pid);
      if (counts === undefined) continue;
      latest.set(pid, counts);
      peakBytes = Math.max(peakBytes, counts.residentBytes);
    }
  };
  const add = (pid: number) => {
    began.set(pid, countsOf(pid));
  };
  for (const pid of pids) add(pid);
  look();
  const timer = setInterval(look, everyMs);
  return {
    add,
    end() {
      clearInterval(timer);
      look();
      const sum = (of: 'cpuSeconds' | 'readBytes' | 'writtenBytes') =>
        [...began].reduce((all, [pid, first]) => all + (latest.get(pid)?.[of] ?? 0) - (first?.[of] ?? 0), 0);
      return {
        peakBytes,
        cpuSeconds: sum('cpuSeconds'),
        readBytes: sum('readBytes'),
        writtenBytes: sum('writtenBytes'),
      };
    },
  };
}

function countsOf(pid: number): Counts | undefined {
  try {
    const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
    const io = read('io');
    const ofIo = (name: string) => Number(new RegExp(`${name}: (\\d+)`).exec(io)?.[1]);
    // Behind the name of the program, which may have blanks: utime and stime, in hundredths of a second.
    const ticks = read('stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    const resident = /VmRSS:\s+(\d+)/.exec(read('status'))?.[1];
    // One that has ended, and that nobody has heard of yet.
    if (resident === undefined) return undefined;
    return {
      residentBytes: Number(resident) * 1024,
      cpuSeconds: (Number(ticks[11]) + Number(ticks[12])) / 100,
      readBytes: ofIo('rchar'),
      writtenBytes: ofIo('wchar'),
    };
  } catch {
    return undefined;
  }
}
