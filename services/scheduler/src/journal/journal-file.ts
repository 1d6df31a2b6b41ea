import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { decodeRecords, encodeRecord } from './record-format.ts';

/** A file of records that only grows. Appends that come together share one fsync. */
export class JournalFile {
  readonly #handle: FileHandle;
  #length: number;
  #waiting: { record: Buffer; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;

  private constructor(handle: FileHandle, length: number) {
    this.#handle = handle;
    this.#length = length;
  }

  /** Opens or makes the file, cuts off a torn end, and answers what is in it. */
  static async open(path: string): Promise<{ file: JournalFile; payloads: Buffer[] }> {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a+');
    const content = await handle.readFile();
    const { payloads, length } = decodeRecords(content);
    if (length < content.length) {
      await handle.truncate(length);
      await handle.sync();
    }
    await syncFolder(dirname(path));
    return { file: new JournalFile(handle, length), payloads };
  }

  /**
   * Resolves when the payload is on the disk.
   * @throws HyperslabError DISK_FULL, INTERNAL
   */
  append(payload: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record: encodeRecord(payload), resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** All that is on the disk, read again. */
  async readAll(): Promise<Buffer[]> {
    const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(this.#length), 0, this.#length, 0);
    return decodeRecords(buffer.subarray(0, bytesRead)).payloads;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    // What is appended in the same turn of the event loop goes with it.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      const bytes = Buffer.concat(group.map(({ record }) => record));
      try {
        await this.#handle.appendFile(bytes);
        await this.#handle.datasync();
        this.#length += bytes.length;
        for (const { resolve } of group) resolve();
      } catch (error) {
        // Half a record in the middle would hide all that follow.
        await this.#handle.truncate(this.#length).catch(() => undefined);
        for (const { reject } of group) reject(writeError(error));
      }
    }
    this.#writing = undefined;
  }
}

function writeError(error: unknown): HyperslabError {
  const { code, message } = error as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new HyperslabError(
    full ? 'DISK_FULL' : 'INTERNAL',
    `journal: ${message}${full ? '; make room on the disk of the state folder' : ''}`,
    {},
    error,
  );
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
