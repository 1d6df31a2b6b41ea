import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Milliseconds from `connect()` to the open dataset. */
export interface OpenedAgain {
  /** In a new process, its modules loaded: most of it is the first gRPC call of a process. */
  process: number;
  /** In a new session of a process that had one before. */
  session: number;
}

/** Opens a dataset in five new processes, twice in each; the medians. */
export function openAgain(state: string, name: string): OpenedAgain {
  const program = join(import.meta.dirname, 'new-session.ts');
  const times = Array.from(
    { length: 5 },
    () =>
      JSON.parse(execFileSync(process.execPath, [program, state, name], { encoding: 'utf8' })) as OpenedAgain,
  );
  const middle = (pick: (opened: OpenedAgain) => number) => times.map(pick).toSorted((a, b) => a - b)[2];
  return { process: middle((opened) => opened.process), session: middle((opened) => opened.session) };
}
