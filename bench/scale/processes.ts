import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeOptions } from '@hyperslab/config';
import type { Answer, Command } from './workers.ts';

const root = join(import.meta.dirname, '../..');
/** Clock ticks a second in /proc/PID/stat: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** A process of the mesh, or of simulated workers; of what it is asked and answers when it talks with its parent. */
export class Program<Asked extends object = Command, Answered = Answer> {
  readonly #child: ChildProcess;
  readonly #path: string;

  constructor(path: string, env: NodeJS.ProcessEnv = {}, args: readonly string[] = []) {
    this.#path = path;
    this.#child = spawn(process.execPath, [...nodeOptions, join(root, path), ...args], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
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

  /** Has it do something, and waits until it has. */
  async ask(command: Asked): Promise<Answered> {
    this.#child.send(command);
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    const leave = (code: number | null) => reject(new Error(`${this.#path} ended with ${code}`));
    this.#child.once('message', resolve).once('exit', leave);
    try {
      return await promise;
    } finally {
      this.#child.off('message', resolve).off('exit', leave);
    }
  }

  /** Calls with each message that it sends. */
  onMessage(hear: (message: unknown) => void): void {
    this.#child.on('message', hear);
  }

  /** Resolves when it has ended. */
  get ended(): Promise<unknown> {
    return once(this.#child, 'exit');
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
