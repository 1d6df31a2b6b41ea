import {
  type Election,
  type FoundLease,
  leadsForMs,
  nextStep,
  observe,
  type Step,
  wrote,
} from '../src/lease/election.ts';
import type { Moment } from '../src/lease/moment.ts';

/** A Lease at an API server that refuses writes on what is no longer there. */
export class SimulatedLease {
  #version = 0;
  #spec: FoundLease['spec'] | undefined;

  read(): FoundLease | undefined {
    return this.#spec && { version: String(this.#version), spec: this.#spec };
  }

  write(step: Exclude<Step, { type: 'wait' }>): FoundLease | undefined {
    const expected = step.type === 'create' ? undefined : step.version;
    if (expected !== this.read()?.version) return undefined;
    this.#version++;
    this.#spec = step.spec;
    return this.read();
  }
}

/** What the network does to one exchange, milliseconds of true time. */
export interface Exchange {
  /** Until the API server gets the request. */
  thereMs: number;
  /** Until the answer is back. */
  backMs: number;
  /** The request arrives and is carried out, the answer does not come. */
  answerLost: boolean;
  /** Pause before the next step. */
  pauseMs: number;
}

/** A contender whose clocks run at a pace of their own. */
export class Contender {
  election: Election;
  readonly #pace: number;
  readonly #offsetMs: number;
  /** Steps of the clock on the wall. */
  wallShiftMs = 0;

  constructor(identity: string, leaseMs: number, pace: number, offsetMs: number) {
    this.election = { identity, leaseMs };
    this.#pace = pace;
    this.#offsetMs = offsetMs;
  }

  clocks(trueMs: number): Moment {
    const monotonicMs = this.#offsetMs + trueMs * this.#pace;
    return { monotonicMs, wallMs: 1_700_000_000_000 + monotonicMs + this.wallShiftMs };
  }

  leads(trueMs: number): boolean {
    return leadsForMs(this.election, this.clocks(trueMs)) > 0;
  }

  read(lease: SimulatedLease, seenMs: number): void {
    this.election = observe(this.election, lease.read(), this.clocks(seenMs));
  }

  step(trueMs: number): Step {
    return nextStep(this.election, this.clocks(trueMs));
  }

  wrote(written: FoundLease, sentMs: number): void {
    this.election = wrote(this.election, written, this.clocks(sentMs));
  }
}
