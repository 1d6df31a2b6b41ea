import { setTimeout as delay } from 'node:timers/promises';

const attempts = 600;
const pauseMs = 500;

/** Asks until there is an answer: something that happens elsewhere, and takes as long as the machine takes. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(pauseMs);
  }
  throw new Error(`it did not happen: ${what}`);
}
