import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError, HyperslabError } from '@hyperslab/errors';
import type { Logger } from '@hyperslab/telemetry';
import { type Election, leadsForMs, nextStep, observe, wrote } from './election.ts';
import { released } from './lease-record.ts';
import type { LeaseStore } from './lease-store.ts';
import { readClocks } from './moment.ts';

/** Who stands by looks this often at most, milliseconds: a lease that was given back is soon taken. */
const watchMs = 1_000;

/** How a lease is held. */
export interface LeaseOptions {
  /** Of this process and no other, not even of the one before in the same pod. */
  identity: string;
  /** Without a sign of life for so long, another may take over. */
  leaseMs: number;
  /** Time between renewals; a fraction of `leaseMs`. */
  renewMs: number;
  log: Logger;
}

/** A lease that is waited for, or held. */
export class HeldLease {
  readonly #store: LeaseStore;
  readonly #options: LeaseOptions;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  readonly #gained = Promise.withResolvers<void>();
  readonly #lost = Promise.withResolvers<HyperslabError>();
  #election: Election;
  /** Who had it when we took it. */
  #predecessor: string | undefined;
  #leads = false;
  #isOver = false;

  constructor(store: LeaseStore, options: LeaseOptions) {
    this.#store = store;
    this.#options = options;
    this.#election = { identity: options.identity, leaseMs: options.leaseMs };
    this.#running = this.#run();
  }

  /** Resolves when we lead. */
  get gained(): Promise<void> {
    return this.#gained.promise;
  }

  /** Resolves, with why, when we led and do no longer; not after `release`. */
  get lost(): Promise<HyperslabError> {
    return this.#lost.promise;
  }

  /** Identity of who has it, as far as is known; '' for nobody. */
  get holder(): string {
    return this.#election.seen?.spec.holderIdentity ?? '';
  }

  /** Identity of who had it before us; undefined when nobody had, or gave it back. */
  get predecessor(): string | undefined {
    return this.#predecessor;
  }

  /** Whether we lead at this moment: asks the clocks, and so is right after a pause of the process too. */
  isValid(): boolean {
    return this.#leads && !this.#isOver && leadsForMs(this.#election, readClocks()) > 0;
  }

  /** Ends the wait, or gives the lease back, so that another has it at once. */
  async release(): Promise<void> {
    this.#isOver = true;
    this.#stopped.abort();
    await this.#running;
    // If it can't be given back, it runs out.
    await this.#giveBack(AbortSignal.timeout(this.#options.renewMs)).catch(() => undefined);
  }

  /** Reads it first: a renewal that was cut off may have been written. */
  async #giveBack(signal: AbortSignal): Promise<void> {
    if (this.holder !== this.#options.identity) return;
    const found = await this.#store.read(signal);
    if (found?.spec.holderIdentity !== this.#options.identity) return;
    await this.#store.write(
      { type: 'update', spec: released(found.spec, new Date()), version: found.version },
      signal,
    );
  }

  async #run(): Promise<void> {
    const { renewMs, log } = this.#options;
    const { signal } = this.#stopped;
    let failing = false;
    while (!this.#isOver) {
      try {
        await this.#attempt(signal);
        failing = false;
      } catch (error) {
        if (signal.aborted) return;
        if (!failing)
          log.warn({ err: asHyperslabError(error) }, 'the lease could not be read or written; trying again');
        failing = true;
      }
      this.#judge();
      const untilMs = this.#leads
        ? Math.min(renewMs, leadsForMs(this.#election, readClocks()))
        : Math.min(renewMs, watchMs);
      // Failed renewals are repeated sooner: a few must fit in before the lease is given up.
      const pauseMs = failing ? Math.min(untilMs, renewMs / 2) : untilMs;
      await sleep(pauseMs * (0.8 + 0.2 * Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }

  /** One look, or one write. Who leads writes on what it wrote last, without looking. */
  async #attempt(signal: AbortSignal): Promise<void> {
    const patience = this.#leads ? leadsForMs(this.#election, readClocks()) : this.#options.leaseMs;
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, Math.ceil(patience)))]);
    if (!this.#leads) this.#election = observe(this.#election, await this.#store.read(inTime), readClocks());
    for (let refused = 0; refused < 2; refused++) {
      const now = readClocks();
      const step = nextStep(this.#election, now);
      if (step.type === 'wait') return;
      const before = this.#election.seen?.spec.holderIdentity;
      const written = await this.#store.write(step, inTime);
      if (written !== undefined) {
        this.#election = wrote(this.#election, written, now);
        if (!this.#leads) this.#predecessor = before || undefined;
        return;
      }
      this.#election = observe(this.#election, await this.#store.read(inTime), readClocks());
    }
  }

  #judge(): void {
    if (this.#isOver) return;
    const { identity, leaseMs } = this.#options;
    const leads = leadsForMs(this.#election, readClocks()) > 0;
    if (leads && !this.#leads) {
      this.#leads = true;
      this.#gained.resolve();
    } else if (!leads && this.#leads) {
      this.#isOver = true;
      const { holder } = this;
      const why =
        holder === identity || holder === ''
          ? `it could not be renewed within ${Math.round(leaseMs)} ms less a quarter; is the API server reachable?`
          : `${holder} has it`;
      this.#lost.resolve(new HyperslabError('UNAVAILABLE', `lease of ${identity}: ${why}`));
    }
  }
}
