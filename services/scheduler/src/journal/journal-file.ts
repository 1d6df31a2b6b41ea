import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { decodeRecords, encodeRecord, mostRecordBytes, recordBytes } from './record-format.ts';

/** Bytes that are read at once. */
const windowBytes = 2 ** 20;

/** A record, and where in the file it ends. */
export interface PlacedRecord {
  payload: Buffer;
  end: number;
}

/** A file of records. It grows, or is replaced as a whole; its caller does one of these at a time. */
export class JournalFile {
  readonly #path: string;
  #handle: FileHandle;
  /** Who reads a handle: one that was replaced is closed when they are done. */
  readonly #readers = new Map<FileHandle, number>();
  #length: number;
  /** A write failed: bytes of it may lie behind the end. */
  #torn = false;

  private constructor(path: string, handle: FileHandle, length: number) {
    this.#path = path;
    this.#handle = handle;
    this.#length = length;
  }

  /** Opens or makes the file, reads it through and cuts off a torn end. */
  static async open(path: string, visit: (payload: Buffer) => void): Promise<JournalFile> {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const { size } = await handle.stat();
    const file = new JournalFile(path, handle, size);
    let length = 0;
    for await (const { payload, end } of file.records()) {
      visit(payload);
      length = end;
    }
    file.#length = length;
    if (length < size) {
      await handle.truncate(length);
      await handle.sync();
    }
    await syncFolder(dirname(path));
    return file;
  }

  /** Bytes that are durable. */
  get length(): number {
    return this.#length;
  }

  /**
   * Resolves when all payloads are on the disk. After a failure none of them is there, and the next call may succeed.
   * @throws HyperslabError DISK_FULL, STORAGE_UNAVAILABLE
   */
  async append(payloads: readonly Uint8Array[]): Promise<void> {
    const bytes = Buffer.concat(payloads.map(encodeRecord));
    try {
      // What a failed write left would follow what is written now, as if it had been acknowledged.
      if (this.#torn) await this.#handle.truncate(this.#length);
      this.#torn = true;
      await writeAll(this.#handle, bytes, this.#length);
      await this.#handle.datasync();
    } catch (error) {
      await this.#handle.truncate(this.#length).catch(() => undefined);
      refuse(error);
    }
    this.#torn = false;
    this.#length += bytes.length;
  }

  /** The records from an offset on, as far as the file reaches now, read a window at a time. */
  async *records(from = 0): AsyncGenerator<PlacedRecord, void, undefined> {
    const handle = this.#handle;
    this.#readers.set(handle, (this.#readers.get(handle) ?? 0) + 1);
    try {
      yield* readRecords(handle, from, this.#length);
    } finally {
      const others = (this.#readers.get(handle) ?? 1) - 1;
      if (others > 0) this.#readers.set(handle, others);
      else {
        this.#readers.delete(handle);
        if (handle !== this.#handle) await handle.close();
      }
    }
  }

  /**
   * Puts other records in place of all, at once: whatever happens, the file has either the old ones or the new.
   * @throws HyperslabError DISK_FULL, STORAGE_UNAVAILABLE, and what the records' source throws
   */
  async replace(payloads: AsyncIterable<Uint8Array>): Promise<void> {
    const path = `${this.#path}.new`;
    const handle = await open(path, 'w+', 0o600).catch(refuse);
    let length: number;
    try {
      length = await writeRecords(handle, payloads);
      await handle.sync().catch(refuse);
      await rename(path, this.#path).catch(refuse);
    } catch (error) {
      await handle.close();
      await unlink(path).catch(() => undefined);
      throw error;
    }
    const before = this.#handle;
    this.#handle = handle;
    this.#length = length;
    this.#torn = false;
    if (!this.#readers.has(before)) await before.close();
    await syncFolder(dirname(path));
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

async function* readRecords(
  handle: FileHandle,
  from: number,
  end: number,
): AsyncGenerator<PlacedRecord, void, undefined> {
  for (let at = from, width = windowBytes; at < end; ) {
    const window = Buffer.allocUnsafe(Math.min(width, end - at));
    const { bytesRead } = await handle.read(window, 0, window.length, at);
    const { payloads, length } = decodeRecords(window.subarray(0, bytesRead));
    if (length === 0) {
      if (window.length === end - at || width >= mostRecordBytes) return;
      width = Math.min(width * 8, mostRecordBytes);
      continue;
    }
    width = windowBytes;
    for (const payload of payloads) {
      at += recordBytes(payload.length);
      yield { payload, end: at };
    }
  }
}

/** Writes records a window at a time and answers how many bytes they take. */
async function writeRecords(handle: FileHandle, payloads: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const flush = async () => {
    await writeAll(handle, Buffer.concat(waiting), length).catch(refuse);
    length += waitingBytes;
    waiting = [];
    waitingBytes = 0;
  };
  for await (const payload of payloads) {
    const record = encodeRecord(payload);
    waiting.push(record);
    waitingBytes += record.length;
    if (waitingBytes >= windowBytes) await flush();
  }
  await flush();
  return length;
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

function refuse(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const full = `journal: ${message}; make room on the disk of the state folder, then try again`;
    throw new HyperslabError('DISK_FULL', full, {}, error);
  }
  throw new HyperslabError('STORAGE_UNAVAILABLE', `journal: ${message}; is the disk sound?`, {}, error);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
