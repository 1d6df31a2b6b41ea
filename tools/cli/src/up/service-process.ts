import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeOptions } from '@hyperslab/config';
import { openLogFile } from './log-file.ts';
import type { ServicePlan } from './mesh-plan.ts';
import { RestartDelay } from './restart-delay.ts';

/** What a service process tells its keeper. */
export interface ServiceEvents {
  started(pid: number): void;
  /** It ended without being told to; it is started again after `delayMs`. */
  ended(how: string, delayMs: number): void;
}

/** One service, kept alive: it is started again whenever it ends, until it is stopped. */
export class ServiceProcess {
  readonly plan: ServicePlan;
  readonly logPath: string;
  readonly #events: ServiceEvents;
  readonly #delay = new RestartDelay();
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(plan: ServicePlan, logPath: string, events: ServiceEvents) {
    this.plan = plan;
    this.logPath = logPath;
    this.#events = events;
  }

  /** The running process, or null between its end and its next start. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): void {
    const log = openLogFile(this.logPath);
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...nodeOptions, this.plan.entry], {
      // A group of its own: Ctrl-C in the terminal reaches `up` alone, which then stops all in order.
      detached: true,
      // The channel is there to be lost: a child whose `up` was killed ends by it.
      stdio: ['ignore', log, log, 'ipc'],
      env: {
        // Six processes that compile the same modules at once make up most of the time until a mesh is ready.
        NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
        ...process.env,
        ...this.plan.env,
        HYPERSLAB_PARENT_PID: String(process.pid),
      },
    });
    closeSync(log);
    this.#child = child;
    const ended = (how: string) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      if (this.#stopping) return;
      const delayMs = this.#delay.after(performance.now() - startedAt);
      this.#events.ended(how, delayMs);
      this.#timer = setTimeout(() => this.start(), delayMs);
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code, signal) => ended(signal ?? `exit status ${code}`));
    if (child.pid !== undefined) this.#events.started(child.pid);
  }

  /** Asks it to end, and ends it when it has not after `patienceMs`. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping = true;
    clearTimeout(this.#timer);
    this.#child?.kill('SIGKILL');
  }
}
