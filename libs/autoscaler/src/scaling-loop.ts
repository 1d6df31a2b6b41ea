import { setTimeout as sleep } from 'node:timers/promises';
import { asHyperslabError } from '@hyperslab/errors';
import { type Decision, decide } from './policy/decide.ts';
import type { Figures } from './policy/figures.ts';
import { emptyMemory, type ScalingMemory } from './policy/scaling-memory.ts';
import type { ScalingSettings } from './policy/scaling-settings.ts';
import type { Scaler } from './scaler.ts';
import type { FigureSource } from './scheduler-figures.ts';

/** Who is told what the loop does. */
export interface ScalingListener {
  /** A decision was made, and carried out where it changes the number. */
  decided(decision: Decision, before: number, figures: Figures | undefined): void;
  /** The scheduler, or who starts workers, began to fail; told once. */
  failed(part: ScalingPart, message: string): void;
  /** It answers again. */
  recovered(part: ScalingPart): void;
}

/** Whom the loop depends on. */
export type ScalingPart = 'scheduler' | 'scaler';

const reportEveryMs = 60_000;

/** Asks for the figures, decides, and sees to it, again and again. */
export class ScalingLoop {
  readonly #source: FigureSource;
  readonly #scaler: Scaler;
  readonly #settings: ScalingSettings;
  readonly #listener: ScalingListener;
  readonly #failing = new Set<ScalingPart>();
  readonly #stopped = new AbortController();
  #memory: ScalingMemory = emptyMemory(performance.now());
  #reported: { text: string; timeMs: number } | undefined;
  #running: Promise<void> = Promise.resolve();
  #hasDecided = false;

  constructor(source: FigureSource, scaler: Scaler, settings: ScalingSettings, listener: ScalingListener) {
    this.#source = source;
    this.#scaler = scaler;
    this.#settings = settings;
    this.#listener = listener;
  }

  /** Whom it waits for; undefined when the last decision went well. */
  get problem(): string | undefined {
    if (this.#failing.size > 0) return `no answer of the ${[...this.#failing].join(' and the ')}`;
    return this.#hasDecided ? undefined : 'nothing has been decided yet';
  }

  start(intervalMs: number): void {
    this.#running = this.#run(intervalMs);
  }

  /** Ends after the round that is under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(intervalMs: number): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.round();
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One decision. */
  async round(): Promise<void> {
    const { signal } = this.#stopped;
    const figures = await this.#try('scheduler', () => this.#source.figures(signal));
    const wanted = await this.#try('scaler', () => this.#scaler.wanted());
    if (wanted === undefined || signal.aborted) return;
    const decision = decide({
      figures,
      wanted,
      settings: this.#settings,
      memory: this.#memory,
      nowMs: performance.now(),
    });
    if (decision.wanted !== wanted) {
      const done = await this.#try('scaler', async () => {
        await this.#scaler.set(decision.wanted);
        return true;
      });
      // What was not carried out is decided anew, with what was known before.
      if (!done) return;
    }
    this.#memory = decision.memory;
    this.#hasDecided = true;
    this.#listener.decided(decision, wanted, figures);
    if (figures !== undefined) await this.#report(decision, wanted);
  }

  /** Tells the scheduler what has changed, and once a minute that nothing has. */
  async #report({ wanted, rule, reason }: Decision, current: number): Promise<void> {
    const text = `${current} ${wanted} ${rule}`;
    const timeMs = performance.now();
    const last = this.#reported;
    if (last !== undefined && last.text === text && timeMs - last.timeMs < reportEveryMs) return;
    const reported = await this.#try('scheduler', async () => {
      await this.#source.report({ time: new Date(), current, wanted, reason }, this.#stopped.signal);
      return true;
    });
    if (reported) this.#reported = { text, timeMs };
  }

  async #try<T>(part: ScalingPart, act: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await act();
      if (this.#failing.delete(part)) this.#listener.recovered(part);
      return result;
    } catch (thrown) {
      if (this.#stopped.signal.aborted || this.#failing.has(part)) return undefined;
      this.#failing.add(part);
      this.#listener.failed(part, asHyperslabError(thrown).message);
      return undefined;
    }
  }
}
