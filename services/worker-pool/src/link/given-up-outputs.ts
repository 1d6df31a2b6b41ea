import { asHyperslabError } from '@hyperslab/errors';
import type { OutputPlan } from '@hyperslab/proto/expression';
import type { Logger } from '@hyperslab/telemetry';

/** A task that was about to put a chunk when its job ended has done so by then. */
const afterMs = 10_000;

/** Stores that jobs began and did not complete. Every worker that knew such a job removes them: none knows whether others live. */
export class GivenUpOutputs {
  readonly #roots: readonly string[];
  readonly #log: Logger;
  readonly #afterMs: number;
  /** By job. */
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(roots: readonly string[], log: Logger, options: { afterMs?: number } = {}) {
    this.#roots = roots;
    this.#log = log;
    this.#afterMs = options.afterMs ?? afterMs;
  }

  /** Removes, a while later, what there is of the store of a job that has ended; nothing of one that is complete. */
  discard(jobId: string, output: OutputPlan): void {
    this.keep(jobId);
    const timer = setTimeout(() => {
      this.#timers.delete(jobId);
      this.#remove(jobId, output).catch((error) => {
        this.#log.warn(
          { err: asHyperslabError(error), job: jobId },
          'could not remove a store that was given up',
        );
      });
    }, this.#afterMs);
    this.#timers.set(jobId, timer);
  }

  /** The job is there again: its client has submitted it to another scheduler, or it began again. */
  keep(jobId: string): void {
    clearTimeout(this.#timers.get(jobId));
    this.#timers.delete(jobId);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  async #remove(jobId: string, output: OutputPlan): Promise<void> {
    const { openOutput } = await import('../tasks/output/open-output.ts');
    await (await openOutput(this.#roots, output, jobId)).discard();
  }
}
