import { setTimeout as delay } from 'node:timers/promises';
import type { Scaler } from '@hyperslab/autoscaler';
import { isReady } from './readiness.ts';
import type { ServiceProcess } from './service-process.ts';

/** How the workers of a mesh on this machine are started and stopped. */
export interface LocalWorkersOptions {
  /** The first workers; they are started with the mesh. */
  first: readonly ServiceProcess[];
  /** A process for one more, with ports of its own; `index` counts from 0. */
  create(index: number, others: readonly ServiceProcess[]): Promise<ServiceProcess>;
  /** How long one that goes may take to hand over what it holds. */
  leavePatienceMs: number;
  /** Who runs has changed, or who can be reached. */
  changed(): void;
}

const askReadyEveryMs = 100;

/** The worker processes of a mesh on this machine, in the order in which they came. Who came last goes first. */
export class LocalWorkers implements Scaler {
  readonly #options: LocalWorkersOptions;
  readonly #staying: ServiceProcess[];
  readonly #leaving = new Set<ServiceProcess>();
  /** Those that were ready once: clients are told of them. */
  readonly #reachable: Set<ServiceProcess>;
  #stopped = false;

  constructor(options: LocalWorkersOptions) {
    this.#options = options;
    this.#staying = [...options.first];
    this.#reachable = new Set(options.first);
  }

  /** All that run, those that are about to go included. */
  get all(): ServiceProcess[] {
    return [...this.#staying, ...this.#leaving];
  }

  /** Addresses that clients may read from. */
  get addresses(): string[] {
    return this.#staying.filter((each) => this.#reachable.has(each)).map(({ plan }) => plan.address);
  }

  async wanted(): Promise<number> {
    return this.#staying.length;
  }

  /** Starts workers, or tells the last ones to go; the first stays in any case, for clients know its address. */
  async set(wanted: number): Promise<void> {
    while (this.#staying.length > Math.max(1, wanted)) this.#leave(this.#staying.pop()!);
    while (this.#staying.length < wanted && !this.#stopped) {
      const worker = await this.#options.create(this.#staying.length, this.all);
      if (this.#stopped) return;
      this.#staying.push(worker);
      worker.start();
      void this.#announceWhenReady(worker);
    }
  }

  /** Ends them all, and starts no more. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.all.map((worker) => worker.stop(patienceMs)));
  }

  #leave(worker: ServiceProcess): void {
    this.#leaving.add(worker);
    this.#reachable.delete(worker);
    this.#options.changed();
    void worker.stop(this.#options.leavePatienceMs).then(() => {
      this.#leaving.delete(worker);
      this.#options.changed();
    });
  }

  async #announceWhenReady(worker: ServiceProcess): Promise<void> {
    while (!(await isReady(worker.plan.readyUrl))) {
      if (this.#stopped || !this.#staying.includes(worker)) return;
      await delay(askReadyEveryMs, undefined, { ref: false });
    }
    if (this.#stopped || !this.#staying.includes(worker)) return;
    this.#reachable.add(worker);
    this.#options.changed();
  }
}
