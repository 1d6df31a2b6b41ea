import { open } from 'node:fs/promises';

/** Forces the entries of a folder to the disk: without this a name may be lost with the power although the bytes are safe. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
