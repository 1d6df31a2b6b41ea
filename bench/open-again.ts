import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { python } from './open/collections.ts';

/** Milliseconds from where a session begins to the open dataset. */
export interface OpenedAgain {
  /** In a new process, its modules loaded: most of it is the first gRPC call of a process. */
  process: number;
  /** In a new session of a process that had one before. */
  session: number;
  /** In a new process of Python, with grpcio. */
  python: number;
}

type Sessions = Pick<OpenedAgain, 'process' | 'session'>;

/** Opens a dataset in five new processes of Node, twice in each, and in five of Python; the medians. */
export function openAgain(state: string, name: string): OpenedAgain {
  const [own, foreign] = [
    [process.execPath, 'new-session.ts'],
    [python, 'new-session.py'],
  ].map(([program, script]) =>
    Array.from({ length: 5 }, (): Sessions => {
      const file = join(import.meta.dirname, script);
      return JSON.parse(execFileSync(program, [file, state, name], { encoding: 'utf8' }));
    }),
  );
  return {
    process: middle(own.map((opened) => opened.process)),
    session: middle(own.map((opened) => opened.session)),
    python: middle(foreign.map((opened) => opened.process)),
  };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
