import { defaultStateDirectory } from '@hyperslab/client';
import { HyperslabError } from '@hyperslab/errors';
import { readStateLock, runningHolder } from './up/state-lock.ts';

/**
 * Throws UNAVAILABLE at once when the state directory that is meant names a mesh that has ended, rather than after all
 * patience with its addresses. Says nothing of meshes that are found by other means.
 */
export async function assertMeshRuns(state: string | undefined, env = process.env): Promise<void> {
  const { HYPERSLAB_CATALOG, HYPERSLAB_SCHEDULER, HYPERSLAB_WORKERS, HYPERSLAB_ENDPOINTS } = env;
  const elsewhere = HYPERSLAB_CATALOG || HYPERSLAB_SCHEDULER || HYPERSLAB_WORKERS || HYPERSLAB_ENDPOINTS;
  if (state === undefined && elsewhere) return;
  const directory = state ?? defaultStateDirectory(env);
  if ((await readStateLock(directory)) === undefined || (await runningHolder(directory)) !== undefined)
    return;
  throw new HyperslabError(
    'UNAVAILABLE',
    `the mesh on ${directory} is not running; start it with \`hyperslab up --state ${directory}\``,
    { state: directory },
  );
}
