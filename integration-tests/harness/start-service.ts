import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeOptions } from '@hyperslab/config';
import { repository } from '@hyperslab/testing';

/** One service as a process of its own, without `hyperslab up`. */
export interface ServiceProcess {
  readonly pid: number;
  /** Lines that it logged, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: a line has what its writer put there
  readonly log: any[];
  kill(signal: NodeJS.Signals): void;
  /** Exit status; null when a signal ended it. */
  exited(): Promise<number | null>;
  /** Waits until it logs a message. */
  says(message: string): Promise<void>;
}

/**
 * Starts a service and waits until /readyz answers 200.
 * @param httpPort where that is
 */
export async function startService(
  service: string,
  httpPort: number,
  env: NodeJS.ProcessEnv,
): Promise<ServiceProcess> {
  const program = join(repository, 'services', service, 'src/main.ts');
  const child = spawn(process.execPath, [...nodeOptions, program], {
    env: { ...process.env, HYPERSLAB_PARENT_PID: String(process.pid), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const started: ServiceProcess = {
    pid: child.pid as number,
    log: [],
    kill: (signal) => child.kill(signal),
    exited: () => exited(child),
    async says(message) {
      for (let attempt = 0; attempt < 600; attempt++) {
        if (started.log.some(({ msg }) => msg === message)) return;
        if (hasExited(child)) break;
        await delay(50);
      }
      throw new Error(`${service} did not say "${message}": ${JSON.stringify(started.log.slice(-5))}`);
    },
  };
  gatherLines(child, started.log);
  for (let attempt = 0; attempt < 600; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${httpPort}/readyz`).catch(() => undefined);
    if (answer?.ok) return started;
    if (hasExited(child)) break;
    await delay(50);
  }
  child.kill('SIGKILL');
  throw new Error(`${service} did not become ready: ${JSON.stringify(started.log.slice(-5))}`);
}

function gatherLines(child: ChildProcess, lines: unknown[]): void {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part) => {
    const whole = `${text}${part}`.split('\n');
    text = whole.pop() ?? '';
    for (const line of whole) lines.push(line.startsWith('{') ? JSON.parse(line) : { msg: line });
  });
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function exited(child: ChildProcess): Promise<number | null> {
  if (!hasExited(child)) await once(child, 'exit');
  return child.exitCode;
}
