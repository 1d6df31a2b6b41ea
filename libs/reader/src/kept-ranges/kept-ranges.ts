import { mkdir, open, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SharedLock } from '@hyperslab/kernels';
import { slotsFor } from '../cache/cache-size.ts';
import { type Digest, digestOf } from '../cache/key-index.ts';
import { S3Fifo } from '../cache/s3-fifo.ts';
import { headerBytes, isSound, rangeHeader } from './range-file.ts';

/** Sizes are counted in blocks of the disk. */
const unitBytes = 4096;
/** What waits to be written is in memory: what comes while it is so much is not kept. */
const mostPendingBytes = 32 * 2 ** 20;
const namePattern = /^[0-9a-f]{32}$/;

/** What threads share that keep ranges in one folder: it may be posted to them. */
export interface KeptRangesShare {
  folder: string;
  limitBytes: number;
  slots: number;
  /** A lock, then which ranges there are. */
  words: Int32Array;
}

/**
 * Makes a folder ready to keep ranges in, at most so many bytes, with those that are there from before. It belongs to this process.
 * Throws what the file system says.
 */
export async function openKeptRanges(folder: string, limitBytes: number): Promise<KeptRangesShare> {
  const slots = slotsFor(limitBytes);
  const words = new Int32Array(new SharedArrayBuffer(4 * (SharedLock.words + S3Fifo.wordsFor(slots))));
  const policy = new S3Fifo(words.subarray(SharedLock.words), slots, Math.floor(limitBytes / unitBytes));
  await mkdir(folder, { recursive: true });
  // With less room than before there may be too few slots for files that are small.
  const gone: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const size = namePattern.test(name) ? (await stat(path)).size : 0;
    // No room is made for it: which of those from before is worth more, nobody knows any more.
    const fits = size > headerBytes && policy.size + unitsOf(size) <= Math.floor(limitBytes / unitBytes);
    const slot = fits
      ? policy.insert(
          digestOfName(name),
          unitsOf(size),
          () => false,
          (left) => gone.push(nameOf(policy.digestAt(left))),
        )
      : -1;
    if (slot === -1) gone.push(name);
    for (const each of gone.splice(0)) await rm(join(folder, each), { recursive: true, force: true });
  }
  return { folder, limitBytes, slots, words };
}

/**
 * Ranges of distant objects on disk, as one of the threads sees them that share them. They are aids: what can't be read, or is not whole, is not there, and what can't
 * be written is not kept.
 */
export class KeptRanges {
  readonly #folder: string;
  readonly #lock: SharedLock;
  readonly #policy: S3Fifo;
  readonly #owner: number;
  #pendingBytes = 0;
  #next = 0;

  /** @param owner number of this thread, from 1 on; one above those of the threads for who only takes care of them */
  constructor({ folder, limitBytes, slots, words }: KeptRangesShare, owner: number) {
    this.#folder = folder;
    this.#owner = owner;
    this.#lock = new SharedLock(words.subarray(0, SharedLock.words), owner);
    const limit = Math.floor(limitBytes / unitBytes);
    this.#policy = new S3Fifo(words.subarray(SharedLock.words), slots, limit, false);
  }

  /** Bytes of all files. */
  get bytes(): number {
    return this.#policy.size * unitBytes;
  }

  /** A thread has died: had it held the lock, the others would wait for it for ever. */
  died(owner: number): void {
    this.#lock.died(owner);
  }

  /** The bytes of a range, as many as `length`; undefined when they are not there. */
  async read(
    key: string,
    length: number,
    allocate: (length: number) => Uint8Array,
  ): Promise<Uint8Array | undefined> {
    const digest = digestOf(key);
    if (!this.#use(digest)) return undefined;
    const bytes = allocate(length);
    const header = new Uint8Array(headerBytes);
    try {
      await using file = await open(join(this.#folder, nameOf(digest)));
      const { bytesRead } = await file.readv([header, bytes], 0);
      if (bytesRead === headerBytes + length && isSound(header, digest, bytes)) return bytes;
    } catch {
      // As good as damaged.
    }
    await this.#forget(digest);
    return undefined;
  }

  /** Keeps a range; resolves when it is written, or not. The bytes may be changed as soon as this was called. */
  async write(key: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.#pendingBytes + bytes.length > mostPendingBytes) return;
    this.#pendingBytes += bytes.length;
    const digest = digestOf(key);
    const own = Buffer.from(bytes);
    const path = join(this.#folder, nameOf(digest));
    const partial = `${path}.${this.#owner}-${this.#next++}`;
    try {
      await writeFile(partial, Buffer.concat([rangeHeader(digest, own), own]));
      // Before it has its name, so that it is never there without being counted.
      const gone = this.#insert(digest, headerBytes + bytes.length);
      for (const name of gone ?? []) await unlink(join(this.#folder, name)).catch(() => undefined);
      if (gone === undefined) await unlink(partial);
      else {
        await rename(partial, path);
        // It may have had to make room before it had its name.
        if (!this.#has(digest)) await unlink(path);
      }
    } catch {
      await unlink(partial).catch(() => undefined);
      await this.#forget(digest);
    } finally {
      this.#pendingBytes -= bytes.length;
    }
  }

  /** Whether a range is there, which counts as used now. */
  #use(digest: Digest): boolean {
    if (!this.#lock.lock()) return false;
    const slot = this.#policy.use(digest);
    this.#lock.unlock();
    return slot !== -1;
  }

  #has(digest: Digest): boolean {
    if (!this.#lock.lock()) return false;
    const slot = this.#policy.find(digest);
    this.#lock.unlock();
    return slot !== -1;
  }

  /** Names of files that make room for a new one; undefined when it is there already or must not be. */
  #insert(digest: Digest, size: number): string[] | undefined {
    if (!this.#lock.lock()) return undefined;
    const gone: string[] = [];
    const isThere = this.#policy.find(digest) !== -1;
    const leaves = (slot: number) => gone.push(nameOf(this.#policy.digestAt(slot)));
    const slot = isThere ? -1 : this.#policy.insert(digest, unitsOf(size), () => false, leaves);
    this.#lock.unlock();
    return slot === -1 ? undefined : gone;
  }

  async #forget(digest: Digest): Promise<void> {
    if (!this.#lock.lock()) return;
    const slot = this.#policy.find(digest);
    if (slot !== -1) this.#policy.remove(slot);
    this.#lock.unlock();
    await unlink(join(this.#folder, nameOf(digest))).catch(() => undefined);
  }
}

function unitsOf(bytes: number): number {
  return Math.ceil(bytes / unitBytes);
}

function nameOf(digest: Digest): string {
  return Array.from(digest, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function digestOfName(name: string): Digest {
  return Int32Array.from({ length: 4 }, (_, at) => Number.parseInt(name.slice(8 * at, 8 * at + 8), 16) | 0);
}
