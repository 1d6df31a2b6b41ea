import { setTimeout as delay } from 'node:timers/promises';
import { HyperslabError } from '@hyperslab/errors';
import { isSameProcess } from './process-start.ts';
import { runningHolder } from './state-lock.ts';

const patienceMs = 90_000;

/**
 * Stops the mesh of a state directory in good order and waits until it has ended; answers its process. Throws
 * UNAVAILABLE when none runs there.
 */
export async function stopMesh(state: string): Promise<number> {
  const holder = await runningHolder(state);
  if (holder === undefined) {
    throw new HyperslabError('UNAVAILABLE', `no mesh runs on ${state}; nothing to stop`, { state });
  }
  process.kill(holder.pid, 'SIGTERM');
  const deadline = performance.now() + patienceMs;
  while (isSameProcess(holder.pid, holder.processStart)) {
    if (performance.now() > deadline) {
      throw new HyperslabError(
        'DEADLINE_EXCEEDED',
        `the mesh on ${state} (process ${holder.pid}) did not end within ${patienceMs / 1000} s; see ${state}/logs`,
        { state, pid: String(holder.pid) },
      );
    }
    await delay(50);
  }
  return holder.pid;
}
