import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HyperslabError } from '@hyperslab/errors';
import { lastErrors } from './last-errors.ts';
import { LocalWorkers } from './local-workers.ts';
import { rotateLogFile } from './log-file.ts';
import { endpointsOf, type MeshChoice, planServices, planWorker, type ServicePlan } from './mesh-plan.ts';
import { findPortPair } from './ports.ts';
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
  readonly #backup: ServiceProcess;
  readonly #catalog: ServiceProcess;
  readonly #scheduler: ServiceProcess;
  /** Those that serve HTTP, and that no other service depends on. */
  readonly #doors: ServiceProcess[];
  readonly #failures = new Map<string, number>();
  readonly #say: (text: string) => void;
  #ready = false;
  #rotation: NodeJS.Timeout | undefined;
  #written: Promise<void> = Promise.resolve();
  readonly workers: LocalWorkers;

  /**
   * @param leavePatienceMs how long a worker that is no longer wanted may take to go
   * @param say is given a line for each restart
   */
  constructor(choice: MeshChoice, lock: StateLock, leavePatienceMs: number, say: (text: string) => void) {
    this.#choice = choice;
    this.#lock = lock;
    this.#say = say;
    const { backup, catalog, scheduler, gateway, dashboard } = planServices(choice);
    this.#backup = this.#process(backup);
    this.#catalog = this.#process(catalog);
    this.#scheduler = this.#process(scheduler);
    this.#doors = [gateway, dashboard].map((plan) => this.#process(plan));
    this.workers = new LocalWorkers({
      first: choice.ports.workers.map((port, index) => this.#process(planWorker(choice, index, port))),
      create: async (index, others) => {
        const taken = new Set([...this.#others, ...others].flatMap(({ plan }) => plan.ports));
        return this.#process(planWorker(choice, index, await findPortPair(choice.host, taken)));
      },
      leavePatienceMs,
      changed: () => {
        this.#writeEndpoints();
        this.#recordServices();
      },
    });
  }

  /**
   * Starts everything and waits until all services are ready; then `endpoints.json` is there. Throws START_FAILED with
   * the end of a service's log when it does not come up.
   */
  async start(signal: AbortSignal): Promise<void> {
    await rm(this.#endpointsPath, { force: true });
    const services = this.#services;
    for (const service of services) service.start();
    const deadline = performance.now() + readyTimeoutMs;
    for (const service of services) await this.#becomesReady(service, deadline, signal);
    this.#ready = true;
    await this.#writeEndpoints();
    this.#rotation = setInterval(() => this.#rotateLogs(), rotateEveryMs);
  }

  /** Stops all services, those that others depend on last. */
  async stop(patienceMs: number): Promise<void> {
    clearInterval(this.#rotation);
    this.#ready = false;
    await this.#written;
    await rm(this.#endpointsPath, { force: true });
    await Promise.all(this.#doors.map((door) => door.stop(patienceMs)));
    await this.workers.stop(patienceMs);
    await this.#scheduler.stop(patienceMs);
    await this.#catalog.stop(patienceMs);
    await this.#backup.stop(patienceMs);
    await this.#written;
  }

  /** Ends all services at once. */
  kill(): void {
    for (const service of this.#services) service.kill();
  }

  /** In the order in which they are started. */
  get #services(): ServiceProcess[] {
    return [this.#backup, this.#catalog, this.#scheduler, ...this.workers.all, ...this.#doors];
  }

  get #others(): ServiceProcess[] {
    return [this.#backup, this.#catalog, this.#scheduler, ...this.#doors];
  }

  #process(plan: ServicePlan): ServiceProcess {
    return new ServiceProcess(plan, join(this.#choice.state, 'logs', `${plan.name}.log`), {
      started: () => this.#recordServices(),
      ended: (how, delayMs) => this.#serviceEnded(plan.name, how, delayMs),
    });
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

  /** Keeps the lock file telling who runs. */
  #recordServices(): void {
    this.#write('the lock', () =>
      this.#lock.update(
        this.#services.map(({ pid, plan: { name, address, readyUrl } }) => ({
          name,
          pid,
          address,
          readyUrl,
        })),
      ),
    );
  }

  /** Keeps `endpoints.json` telling where clients may go, while there is a mesh to go to. */
  #writeEndpoints(): Promise<void> {
    return this.#write('endpoints.json', async () => {
      if (!this.#ready) return;
      const fresh = `${this.#endpointsPath}.new`;
      const endpoints = endpointsOf(this.#choice, this.workers.addresses);
      await writeFile(fresh, `${JSON.stringify(endpoints, null, 2)}\n`);
      await rename(fresh, this.#endpointsPath);
    });
  }

  /** One write after the other: each tells how it is when its turn comes. What fails is said, whoever waits for it. */
  #write(what: string, write: () => Promise<void>): Promise<void> {
    const done = this.#written.then(write);
    this.#written = done.catch((error) => this.#say(`could not write ${what}: ${(error as Error).message}`));
    return done;
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
