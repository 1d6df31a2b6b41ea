import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { writeError } from '../file/atomic-file.ts';
import { syncFolder } from '../file/sync-folder.ts';
import { asidePath, removeAbandoned, unfinishedPath } from '../file/unfinished.ts';
import { assertForeignKey } from '../object-key.ts';
import { alreadyThere } from './output-file.ts';
import type { OutputFolder, OutputFolderOptions } from './output-folder.ts';

/** What is being put lies there, in the folder that is written: it goes with that, whoever gives it up or completes it. */
const unfinished = '.hyperslab-unfinished';

/** A folder under another name until it is whole. */
export async function localOutputFolder(
  path: string,
  { overwrite = false, marks }: OutputFolderOptions,
): Promise<OutputFolder> {
  await removeAbandoned(path);
  await assertReplaceable(path, overwrite, marks);
  const staging = unfinishedPath(path);
  await mkdir(staging).catch((error) => {
    throw writeError(path, error);
  });
  return stagedFolder(path, staging, { overwrite, marks });
}

/**
 * What several processes write below one staging folder, which the one that commits gives its name. Each puts its own objects, whole or
 * not at all: two may put the same one, when a task is given to another while the first that had it goes on, and that one be killed.
 */
export function stagedFolder(
  path: string,
  staging: string,
  { overwrite = false, marks }: OutputFolderOptions,
): OutputFolder {
  let committed = false;
  const put = async (key: string, bytes: Uint8Array) => {
    assertForeignKey(key);
    try {
      for (const below of [dirname(key), unfinished]) await makeFolders(staging, below);
      await appear(join(staging, key), join(staging, unfinished, randomUUID()), bytes);
    } catch (error) {
      throw writeError(join(path, key), error);
    }
  };
  return {
    scratchBeside: path,
    put,
    async commit(last) {
      for (const { key, bytes } of last) await put(key, bytes);
      await assertReplaceable(path, overwrite, marks);
      try {
        await removeUnfinished(staging);
        await syncAll(staging);
        await (overwrite ? replace(staging, path, marks) : rename(staging, path));
        committed = true;
        await syncFolder(dirname(path));
      } catch (error) {
        throw writeError(path, error);
      }
      // Others may have put something again just before it got its name.
      await removeUnfinished(path);
    },
    async discard() {
      if (!committed) await removeAside(path, staging);
    },
  };
}

/** Writes a file under a name of its own first. */
async function appear(file: string, temporary: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(temporary, 'wx');
  try {
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes what was being put when somebody was killed. The folder is whole also with that. */
async function removeUnfinished(folder: string): Promise<void> {
  await rm(join(folder, unfinished), { recursive: true, force: true }).catch(() => {});
}

/** Makes folders below one that must be there: what was given up does not come back. */
async function makeFolders(root: string, below: string): Promise<void> {
  let at = root;
  for (const name of below === '.' ? [] : below.split('/')) {
    at = join(at, name);
    await mkdir(at).catch((error) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  }
}

/** Throws INVALID_ARGUMENT when there could be no name beside it for what is given up or replaced. */
export async function assertShortName(path: string): Promise<void> {
  await stat(unfinishedPath(path)).catch((error) => {
    if (codeOf(error) === 'ENAMETOOLONG') throw writeError(path, error);
  });
}

/** Throws INVALID_ARGUMENT when what is there must not be replaced. */
export async function assertReplaceable(
  path: string,
  overwrite: boolean,
  marks: readonly string[],
): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!overwrite) throw alreadyThere(path);
  const names = found.isDirectory() ? await namesIn(path) : [];
  if (names.length === 0 && found.isDirectory()) return;
  if (!names.some((name) => marks.includes(name)))
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `${path}: what is there is none of what would replace it (no ${marks.join(', ')}) and stays; choose another name`,
      { path },
    );
}

/** None when the folder has just stepped aside for another. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw writeError(folder, error);
  });
}

/** A folder can't replace another at once: the old one steps aside first. One that others put there meanwhile is replaced, too. */
async function replace(staging: string, path: string, marks: readonly string[]): Promise<void> {
  for (;;) {
    await assertReplaceable(path, true, marks);
    const old = asidePath(path);
    const stepped = await rename(path, old).then(
      () => true,
      (error) => {
        if (codeOf(error) !== 'ENOENT') throw error;
        return false;
      },
    );
    let isTaken = false;
    try {
      await rename(staging, path);
    } catch (error) {
      isTaken = ['EEXIST', 'ENOTEMPTY'].includes(codeOf(error));
      if (stepped && !isTaken) await rename(old, path);
      if (!isTaken) throw error;
    }
    if (stepped) await rm(old, { recursive: true, force: true });
    if (!isTaken) return;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** All at once for those who still put something: else what they put while others of it go would be there, with holes. */
async function removeAside(path: string, staging: string): Promise<void> {
  const aside = unfinishedPath(path);
  try {
    await rename(staging, aside);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw writeError(path, error);
    return;
  }
  await rm(aside, { recursive: true, force: true });
}

async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await syncAll(join(folder, entry.name));
  await syncFolder(folder);
}
