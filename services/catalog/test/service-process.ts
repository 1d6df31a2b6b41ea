import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A real service as a child process that can be killed and started again on its port. */
export class ServiceProcess {
  readonly address: string;
  readonly #main: string;
  readonly #port: number;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  /** What it logged last, for messages of failing tests. */
  log = '';

  constructor(service: 'catalog' | 'metadata-backup', port: number, env: NodeJS.ProcessEnv) {
    this.#main = fileURLToPath(new URL(`../../${service}/src/main.ts`, import.meta.url));
    this.#port = port;
    this.#env = { PATH: process.env.PATH, HYPERSLAB_PARENT_PID: String(process.pid), ...env };
    this.address = `127.0.0.1:${port}`;
  }

  /** Starts it; resolves when it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [this.#main], {
      env: this.#env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (chunk) => {
      this.log = (this.log + chunk).slice(-4000);
    });
    this.#child = child;
    for (let tries = 0; tries < 200; tries++) {
      const ready = await fetch(`http://127.0.0.1:${this.#port + 1000}/readyz`).catch(() => undefined);
      if (ready?.ok) return;
      if (child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${this.#main} did not become ready: ${this.log}`);
  }

  /** Ends it: SIGKILL as a crash does, SIGTERM as an operator does. Answers the exit status. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    child.kill(signal);
    const [code] = await once(child, 'exit');
    return code;
  }
}
