import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestSink } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import type { ObjectContent } from '@hyperslab/storage';

/** What is held in memory before the first byte goes to disk: nearly all manifests are smaller. */
const memoryBytes = 16 * 1024 * 1024;

/** A manifest on its way: in memory as long as it is small, then in a file that is gone when it is closed. */
export class ScratchFile implements ManifestSink {
  readonly #folder: string;
  #parts: Uint8Array[] = [];
  #waiting = 0;
  #size = 0;
  #file: { path: string; descriptor: number } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws HyperslabError DISK_FULL, INTERNAL */
  write(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#waiting += bytes.length;
    this.#size += bytes.length;
    if (this.#waiting > memoryBytes) this.#flush();
  }

  /** All that was written. */
  content(): ObjectContent {
    if (this.#file !== undefined) this.#flush();
    const [path, parts, size] = [this.#file?.path, this.#parts, this.#size];
    return {
      size,
      async *parts() {
        if (path === undefined) yield* parts;
        else yield* createReadStream(path, { highWaterMark: 2 ** 20 });
      },
    };
  }

  close(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file.descriptor);
    rmSync(this.#file.path, { force: true });
    this.#file = undefined;
  }

  #flush(): void {
    try {
      this.#file ??= this.#open();
      for (const part of this.#parts) {
        for (let at = 0; at < part.length; ) at += writeSync(this.#file.descriptor, part, at);
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const full = code === 'ENOSPC' || code === 'EDQUOT';
      throw new HyperslabError(
        full ? 'DISK_FULL' : 'INTERNAL',
        `manifest in ${this.#folder}: ${full ? 'the disk is full; make room for the manifest of a large publish' : message}`,
        { path: this.#folder },
        error,
      );
    }
    this.#parts = [];
    this.#waiting = 0;
  }

  #open() {
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, `manifest-${randomUUID()}`);
    return { path, descriptor: openSync(path, 'wx') };
  }
}
