import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HyperslabError } from '@hyperslab/errors';
import { lastErrors } from './last-errors.ts';
import { rotateLogFile } from './log-file.ts';
import { endpointsOf, type MeshChoice, planMesh } from './mesh-plan.ts';
import { isReady } from './readiness.ts';
import { ServiceProcess } from './service-process.ts';
import type { StateLock } from './state-lock.ts';

/** A service may end this often before it was ever ready; then `up` fails, for it will not get better by itself. */
const startsAllowed = 4;
const readyTimeoutMs = 120_000;
const rotateEveryMs = 60_000;

/** Starts the services of a mesh, restarts those that end, and stops all of them in order. */
export class Supervisor {
  readonly #choice: MeshChoice;
  readonly #lock: StateLock;
  readonly #services: ServiceProcess[];
  readonly #failures = new Map<string, number>();
  readonly #say: (text: string) => void;
  #ready = false;
  #rotation: NodeJS.Timeout | undefined;
  #lockUpdate: Promise<void> = Promise.resolve();

  /** `say` is given a line for each restart. */
  constructor(choice: MeshChoice, lock: StateLock, say: (text: string) => void) {
    this.#choice = choice;
    this.#lock = lock;
    this.#say = say;
    this.#services = planMesh(choice).map((plan) => {
      const logPath = join(choice.state, 'logs', `${plan.name}.log`);
      return new ServiceProcess(plan, logPath, {
        started: () => this.#recordServices(),
        ended: (how, delayMs) => this.#serviceEnded(plan.name, how, delayMs),
      });
    });
  }

  /**
   * Starts everything and waits until all services are ready; then `endpoints.json` is there. Throws START_FAILED with
   * the end of a service's log when it does not come up.
   */
  async start(signal: AbortSignal): Promise<void> {
    await rm(this.#endpointsPath, { force: true });
    for (const service of this.#services) service.start();
    const deadline = performance.now() + readyTimeoutMs;
    for (const service of this.#services) await this.#becomesReady(service, deadline, signal);
    const fresh = `${this.#endpointsPath}.new`;
    await writeFile(fresh, `${JSON.stringify(endpointsOf(this.#choice), null, 2)}\n`);
    await rename(fresh, this.#endpointsPath);
    this.#ready = true;
    this.#rotation = setInterval(() => this.#rotateLogs(), rotateEveryMs);
  }

  /** Stops all services, those that others depend on last. */
  async stop(patienceMs: number): Promise<void> {
    clearInterval(this.#rotation);
    await rm(this.#endpointsPath, { force: true });
    const isWorker = (service: ServiceProcess) => service.plan.name.startsWith('worker-pool');
    const workers = this.#services.filter(isWorker);
    const others = this.#services.filter((service) => !isWorker(service));
    const [backup, catalog, scheduler, gateway, dashboard] = others;
    await Promise.all([gateway.stop(patienceMs), dashboard.stop(patienceMs)]);
    await Promise.all(workers.map((worker) => worker.stop(patienceMs)));
    await scheduler.stop(patienceMs);
    await catalog.stop(patienceMs);
    await backup.stop(patienceMs);
    await this.#lockUpdate;
  }

  /** Ends all services at once. */
  kill(): void {
    for (const service of this.#services) service.kill();
  }

  get #endpointsPath(): string {
    return join(this.#choice.state, 'endpoints.json');
  }

  async #becomesReady(service: ServiceProcess, deadline: number, signal: AbortSignal): Promise<void> {
    const { name, readyUrl } = service.plan;
    while (!(await isReady(readyUrl))) {
      signal.throwIfAborted();
      const failures = this.#failures.get(name) ?? 0;
      if (failures >= startsAllowed || performance.now() > deadline) {
        const why = failures >= startsAllowed ? `ended ${failures} times` : 'was not ready in time';
        throw new HyperslabError(
          'START_FAILED',
          `${name} ${why}; ${service.logPath} says: ${lastErrors(service.logPath)}`,
          { service: name, log: service.logPath },
        );
      }
      await delay(25, undefined, { signal });
    }
  }

  #serviceEnded(name: string, how: string, delayMs: number): void {
    this.#failures.set(name, (this.#failures.get(name) ?? 0) + 1);
    if (this.#ready) this.#say(`${name} ended (${how}); starting it again in ${delayMs} ms`);
    this.#recordServices();
  }

  /** Keeps the lock file telling who runs, one write after the other. */
  #recordServices(): void {
    this.#lockUpdate = this.#lockUpdate
      .then(() =>
        this.#lock.update(
          this.#services.map(({ pid, plan: { name, address, readyUrl } }) => ({
            name,
            pid,
            address,
            readyUrl,
          })),
        ),
      )
      .catch((error) => this.#say(`could not write the lock: ${(error as Error).message}`));
  }

  #rotateLogs(): void {
    for (const { logPath } of this.#services) {
      try {
        rotateLogFile(logPath);
      } catch (error) {
        this.#say(`could not rotate ${logPath}: ${(error as Error).message}`);
      }
    }
  }
}
