import { constants } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { announcedLength, decodeFrame, encodeFrame, findFrame, frameHeaderBytes } from './frame.ts';

/** A frame that was read. */
interface ReadFrame {
  offset: number;
  payload: Buffer;
}

/** A file of frames that only grows. One process writes it. */
export interface JournalFile {
  readonly path: string;
  /** Bytes that are durable. */
  readonly length: number;
  /**
   * Writes a frame and answers its offset when it is durable. One at a time.
   * @throws HyperslabError DISK_FULL when nothing was written; STORAGE_UNAVAILABLE when nobody knows what was, after
   * which nothing more may be appended
   */
  append(payload: Uint8Array): Promise<number>;
  /**
   * Durable frames from an offset on, in order.
   * @throws HyperslabError CHECKSUM_MISMATCH where a frame is not what was written
   */
  frames(fromOffset: number): AsyncGenerator<ReadFrame, void, undefined>;
  close(): Promise<void>;
}

/** Opens a file of frames, made where it is missing, and finds where its last whole frame ends. */
export async function openJournalFile(path: string): Promise<JournalFile> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    await syncFolder(dirname(path));
    const length = await recoverEnd(file, path);
    return frameFile(file, path, length);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function frameFile(file: FileHandle, path: string, initialLength: number): JournalFile {
  let length = initialLength;
  return {
    path,
    get length() {
      return length;
    },
    async append(payload) {
      const frame = encodeFrame(payload);
      const offset = length;
      try {
        await writeAll(file, frame, offset);
      } catch (error) {
        await file.truncate(offset);
        throw asStorageError(error as NodeJS.ErrnoException, path);
      }
      try {
        await file.datasync();
      } catch (error) {
        throw asStorageError(error as NodeJS.ErrnoException, path);
      }
      length = offset + frame.length;
      return offset;
    },
    async *frames(fromOffset) {
      const end = length;
      for (let offset = fromOffset; offset < end; ) {
        const frame = await readFrame(file, offset, end);
        const payload = frame && decodeFrame(frame);
        if (!frame || !payload) throw damaged(path, offset);
        yield { offset, payload };
        offset += frame.length;
      }
    },
    close: () => file.close(),
  };
}

/**
 * Where the last whole frame ends. What a crash left after it is no acknowledged frame: it is moved to a file beside
 * (in case it is not what a crash left) and cut off.
 * @throws HyperslabError CHECKSUM_MISMATCH when whole frames follow damage: that is no torn end
 */
async function recoverEnd(file: FileHandle, path: string): Promise<number> {
  const { size } = await file.stat();
  let end = 0;
  for (;;) {
    const frame = await readFrame(file, end, size);
    if (!frame || !decodeFrame(frame)) break;
    end += frame.length;
  }
  if (end === size) return end;
  const rest = Buffer.alloc(size - end);
  await file.read(rest, 0, rest.length, end);
  if (findFrame(rest, 1) >= 0) throw damaged(path, end);
  const torn = await open(`${path}.torn-at-${end}`, 'w', 0o600);
  try {
    await torn.writeFile(rest);
    await torn.sync();
  } finally {
    await torn.close();
  }
  await file.truncate(end);
  await file.sync();
  return end;
}

/** The frame at an offset, checked for nothing but its length; undefined when it isn't all there. */
async function readFrame(file: FileHandle, offset: number, end: number): Promise<Buffer | undefined> {
  if (offset + frameHeaderBytes > end) return undefined;
  const header = Buffer.alloc(frameHeaderBytes);
  await file.read(header, 0, frameHeaderBytes, offset);
  const length = announcedLength(header);
  if (length === undefined || offset + frameHeaderBytes + length > end) return undefined;
  const frame = Buffer.allocUnsafe(frameHeaderBytes + length);
  header.copy(frame);
  await file.read(frame, frameHeaderBytes, length, offset + frameHeaderBytes);
  return frame;
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/** Makes the names in a folder durable: a file that was made is lost with its folder entry. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function damaged(path: string, offset: number): HyperslabError {
  return new HyperslabError(
    'CHECKSUM_MISMATCH',
    `${path}: damaged at byte ${offset}, and whole frames follow; restore the file, or move it away to have it ` +
      'filled again from the catalog',
    { path, offset: String(offset) },
  );
}

function asStorageError(error: NodeJS.ErrnoException, path: string): HyperslabError {
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  return full
    ? new HyperslabError('DISK_FULL', `${path}: the disk is full; free some space`, { path }, error)
    : new HyperslabError('STORAGE_UNAVAILABLE', `${path}: ${error.message}`, { path }, error);
}
