import { parentPort } from 'node:worker_threads';
import { asHyperslabError, type ErrorDetails, type Reason } from '@hyperslab/errors';
import { type Step, writeStep } from './write-step.ts';

/** What the thread answers for a step. */
export type StepAnswer =
  | { bytes: number }
  | { error: { reason: Reason; message: string; details: ErrorDetails } };

/** What the thread is told: a step, or to give up. */
export type StepRequest = Step | 'abort';

// A thread that writes step after step, one at a time.
const aborted = new AbortController();
parentPort!.on('message', async (request: StepRequest) => {
  if (request === 'abort') return aborted.abort();
  const answer: StepAnswer = await writeStep(request, aborted.signal).then(
    (bytes) => ({ bytes }),
    (thrown) => {
      const { reason, message, details } = asHyperslabError(thrown);
      return { error: { reason, message, details } };
    },
  );
  parentPort!.postMessage(answer);
});
