import { readdir } from 'node:fs/promises';
import { readConfig } from '@hyperslab/config';
import type { Check } from './check.ts';

/** Data roots that are folders: they are there and can be listed. Others are asked when they are used. */
export async function checkRoots(env: NodeJS.ProcessEnv = process.env): Promise<Check[]> {
  const { dataRoots } = readConfig(env);
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
