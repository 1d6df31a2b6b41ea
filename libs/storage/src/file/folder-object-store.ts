import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isHyperslabError } from '@hyperslab/errors';
import { throwIfCancelled } from '../cancelled.ts';
import { createStorage } from '../create-storage.ts';
import { assertObjectKey } from '../object-key.ts';
import type { ObjectContent, ObjectStore } from '../store.ts';
import { fileError } from './node-error.ts';
import { syncFolder } from './sync-folder.ts';

/** A folder as an object store. It is made when the first object is put. */
export function folderObjectStore(folder: string): ObjectStore {
  const storage = createStorage({ roots: [folder] });
  const urlOf = (key: string) => pathToFileURL(join(folder, key)).href;
  const open = (key: string) => {
    assertObjectKey(key);
    return storage.open(urlOf(key));
  };
  return {
    url: pathToFileURL(folder.endsWith('/') ? folder : `${folder}/`).href,
    open,
    async put(key, content, signal) {
      assertObjectKey(key);
      throwIfCancelled(signal);
      try {
        await writeDurably(join(folder, key), content, signal);
      } catch (error) {
        throw isHyperslabError(error) ? error : fileError(urlOf(key), error);
      }
    },
    async has(key, signal) {
      try {
        await open(key).stat(signal);
        return true;
      } catch (error) {
        if (isHyperslabError(error, 'OBJECT_NOT_FOUND')) return false;
        throw error;
      }
    },
    async *list(prefix, signal) {
      const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      try {
        for await (const object of storage.list(join(folder, parent, '/'), signal)) {
          if (object.url.startsWith(urlOf(prefix))) yield object;
        }
      } catch (error) {
        // An object store without objects is one, unlike a pattern that matches nothing.
        if (!isHyperslabError(error, 'OBJECT_NOT_FOUND')) throw error;
      }
    },
    async delete(key, signal) {
      assertObjectKey(key);
      throwIfCancelled(signal);
      const path = join(folder, key);
      try {
        await unlink(path);
        await syncFolder(dirname(path));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError(urlOf(key), error);
      }
    },
    close: () => storage.close(),
  };
}

/**
 * Under the name there is the old object or the whole new one, also after a power failure: written beside it, forced to
 * the disk, renamed, and the folders' own entries forced to the disk as well.
 */
async function writeDurably(
  path: string,
  content: Uint8Array | ObjectContent,
  signal?: AbortSignal,
): Promise<void> {
  const parent = dirname(path);
  const firstMade = await mkdir(parent, { recursive: true });
  // A leading dot hides it from listings.
  const temporary = join(parent, `.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      if (content instanceof Uint8Array) await handle.writeFile(content);
      else
        for await (const part of content.parts()) {
          throwIfCancelled(signal);
          await handle.writeFile(part);
        }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(parent);
  if (firstMade !== undefined) await syncAbove(parent, dirname(firstMade));
}

/** Forces the entries of new folders to the disk, from the lowest up to the folder that was there before. */
async function syncAbove(lowest: string, existing: string): Promise<void> {
  for (let at = lowest; at !== existing && at !== dirname(at); ) {
    at = dirname(at);
    await syncFolder(at);
  }
}
