import { resolve } from 'node:path';
import { defaultStateDirectory } from '@hyperslab/client';

/** The state directory that is meant: the given one, else HYPERSLAB_STATE, else `~/.hyperslab`; absolute. */
export function stateDirectory(given: string | undefined, env = process.env): string {
  return resolve(given ?? defaultStateDirectory(env));
}
