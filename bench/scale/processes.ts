import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Command } from './workers.ts';

const root = join(import.meta.dirname, '../..');
/** Clock ticks a second in /proc/PID/stat: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** A process of the mesh, or of simulated workers. */
export class Program {
  readonly #child: ChildProcess;

  constructor(path: string, env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [join(root, path)], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, ...env, HYPERSLAB_PARENT_PID: String(process.pid) },
    });
  }

  /** Waits until a service says that it is ready. */
  async ready(httpPort: number): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt++) {
      const answer = await fetch(`http://127.0.0.1:${httpPort}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(50);
    }
    throw new Error(`no service became ready on port ${httpPort}`);
  }

  /** Has simulated workers do something, and waits until they have. */
  async ask(command: Command): Promise<Answer> {
    this.#child.send(command);
    const [answer] = await once(this.#child, 'message');
    return answer as Answer;
  }

  /** Processor time so far, seconds. */
  get cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  /** Resident memory, bytes. */
  get rss(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
  }
}
