import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The monitor looks so often, and counts this into each delay. */
const resolutionMs = 20;

/** How late the main thread comes to what is due. */
export class LoopDelay {
  readonly #histogram: ReturnType<typeof monitorEventLoopDelay>;

  constructor() {
    this.#histogram = monitorEventLoopDelay({ resolution: resolutionMs });
    this.#histogram.enable();
  }

  /** The longest delay since the last reset, seconds. */
  get seconds(): number {
    return Math.max(0, this.#histogram.max / 1e6 - resolutionMs) / 1000;
  }

  reset(): void {
    this.#histogram.reset();
  }

  stop(): void {
    this.#histogram.disable();
  }
}
