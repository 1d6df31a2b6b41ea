import { type FileHandle, open, unlink } from 'node:fs/promises';
import { writeError } from './atomic-file.ts';
import { unfinishedPath } from './unfinished.ts';

/** A file that has no name from its beginning on: it is gone with the process, however that ends. */
export interface NamelessFile {
  /** Writes all bytes at a position. Throws DISK_FULL. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Exactly so many bytes from a position on. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Gives it a length: what was never written is zeros. */
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens one on the disk that `beside` lies on, or would. Errors name that. */
export async function openNamelessFile(beside: string): Promise<NamelessFile> {
  const handle = await openUnlinked(beside).catch((error) => {
    throw writeError(beside, error);
  });
  return {
    async write(bytes, position) {
      try {
        for (let at = 0; at < bytes.length; ) {
          const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at);
          at += bytesWritten;
        }
      } catch (error) {
        throw writeError(`${beside} (put aside)`, error);
      }
    },
    async read(position, length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await handle.read(bytes, at, length - at, position + at);
        if (bytesRead === 0) throw writeError(beside, new Error('what was put aside was cut off'));
        at += bytesRead;
      }
      return bytes;
    },
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

async function openUnlinked(beside: string): Promise<FileHandle> {
  const path = unfinishedPath(beside);
  const handle = await open(path, 'wx+');
  await unlink(path);
  return handle;
}
