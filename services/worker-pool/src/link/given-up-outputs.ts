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
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(roots: readonly string[], log: Logger, options: { afterMs?: number } = {}) {
    this.#roots = roots;
    this.#log = log;
    this.#afterMs = options.afterMs ?? afterMs;
  }

  /** Removes, a while later, what there is of the store of a job that has ended; nothing of one that is complete. */
  discard(jobId: string, output: OutputPlan): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#remove(jobId, output).catch((error) => {
        this.#log.warn(
          { err: asHyperslabError(error), job: jobId },
          'could not remove a store that was given up',
        );
      });
    }, this.#afterMs);
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #remove(jobId: string, output: OutputPlan): Promise<void> {
    const { openOutput } = await import('../tasks/output/open-output.ts');
    await (await openOutput(this.#roots, output, jobId)).discard();
  }
}
