import { readdir } from 'node:fs/promises';
import { readConfig } from '@hyperslab/config';
import { stateDirectory } from '../up/state-directory.ts';
import { runningHolder } from '../up/state-lock.ts';
import type { Check } from './check.ts';

/**
 * Data roots that are folders: they are there and can be listed. Others are asked when they are used. They are those of the
 * mesh that runs on the state directory, else those that one started here would have.
 */
export async function checkRoots(given: string | undefined, env = process.env): Promise<Check[]> {
  const holder = await runningHolder(stateDirectory(given, env));
  const dataRoots = holder?.roots ?? readConfig(env).dataRoots;
  return Promise.all(
    dataRoots.map(async (root) => {
      if (/^[a-z0-9+.-]+:\/\//i.test(root)) return { name: 'data root', ok: true, detail: root };
      try {
        await readdir(root);
        return { name: 'data root', ok: true, detail: root };
      } catch (error) {
        return {
          name: 'data root',
          ok: false,
          detail: `${root} can't be listed: ${(error as Error).message}`,
        };
      }
    }),
  );
}
