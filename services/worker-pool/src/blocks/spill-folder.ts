import { mkdir, open, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveBack } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { type EncodedPart, readPart } from '@hyperslab/expression';
import { Limiter } from '@hyperslab/storage';
import { sharedMemory } from '../threads/shared-bytes.ts';
import { isAlive } from './is-alive.ts';
import { packBlock, unpackBlock } from './packed-block.ts';

/** A task may ask for parts of thousands of blocks: more files than a process may have open would seem lost. */
const mostOpen = 16;

/** A folder of blocks that memory has no room for. It belongs to one process and ends with it. */
export class SpillFolder {
  /** Where it is; what else is put there is removed with it. */
  readonly path: string;
  readonly #reads = new Limiter(mostOpen);
  #next = 0;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder of this process, `workers/<pid>/spill` in the state folder, and removes what processes that are
   * gone have left there.
   */
  static async open(workersFolder: string): Promise<SpillFolder> {
    await mkdir(workersFolder, { recursive: true });
    for (const name of await readdir(workersFolder)) {
      if (/^\d+$/.test(name) && (Number(name) === process.pid || !isAlive(Number(name))))
        await rm(join(workersFolder, name), { recursive: true, force: true });
    }
    const path = join(workersFolder, String(process.pid), 'spill');
    await mkdir(path, { recursive: true });
    return new SpillFolder(path);
  }

  /**
   * Writes bytes and answers the name of their file.
   * @throws HyperslabError DISK_FULL, STORAGE_UNAVAILABLE
   */
  async write(bytes: Uint8Array): Promise<string> {
    const { pieces, made } = await packBlock(bytes);
    const file = join(this.path, String(this.#next++));
    try {
      await writeFile(file, pieces);
      return file;
    } catch (error) {
      await unlink(file).catch(() => undefined);
      throw this.#unwritten(error as NodeJS.ErrnoException);
    } finally {
      if (made !== undefined) giveBack(made);
    }
  }

  /** Another worker's disk may do better. */
  #unwritten(error: NodeJS.ErrnoException): HyperslabError {
    const { path } = this;
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
      const text = `spill folder ${path}: the disk is full; make room, or give workers more memory`;
      return new HyperslabError('DISK_FULL', text, { path }, error);
    }
    const text = `spill folder ${path}: ${error.message}; is the disk sound?`;
    return new HyperslabError('STORAGE_UNAVAILABLE', text, { path }, error);
  }

  /**
   * The block of that length that a file was written of, in memory that threads can share.
   * @throws HyperslabError FORMAT_CORRUPT, and what reading throws
   */
  async read(file: string, length: number): Promise<Uint8Array> {
    const packed = await this.#reads.run(() => readFile(file));
    const block = await unpackBlock(packed, length, sharedMemory);
    giveBack(packed);
    return block;
  }

  /**
   * One part of a block of parts of so many bytes; its sum is not compared.
   * @throws HyperslabError FORMAT_CORRUPT, and what reading throws
   */
  readPart(file: string, part: number, size: number): Promise<EncodedPart> {
    return this.#reads.run(async () => {
      await using handle = await open(file);
      const read = async (start: number, length: number) => {
        const bytes = Buffer.allocUnsafe(length);
        const { bytesRead } = await handle.read(bytes, 0, length, start);
        return bytes.subarray(0, bytesRead);
      };
      // Awaited here: the file is closed when this returns.
      return await readPart(read, part, size);
    });
  }

  async remove(file: string): Promise<void> {
    await unlink(file).catch(() => undefined);
  }

  /** Removes the folder. */
  async close(): Promise<void> {
    await rm(join(this.path, '..'), { recursive: true, force: true });
  }
}
