import { crc32 } from 'node:zlib';
import { giveBack } from '@hyperslab/array';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { type EncodedPart, joinParts, partOf } from '@hyperslab/expression';
import type { HeldBlocks } from '@hyperslab/proto/scheduler';
import type { BlockParts } from '@hyperslab/proto/worker';
import { countUnseen } from '../collect-garbage.ts';
import { leastShared, sharedBytes } from '../threads/shared-bytes.ts';
import { type Arrivals, BlockArrivals } from './block-arrivals.ts';
import { type BlockKey, blockName } from './block-key.ts';
import { BlockTable } from './block-table.ts';
import type { SpillFolder } from './spill-folder.ts';

interface StoredBlock {
  key: BlockKey;
  size: number;
  crc32: number;
  /** Present while the block is in memory. */
  bytes?: Uint8Array;
  /** Present once it is on disk. */
  file?: string;
  forgotten: boolean;
  /** Who has got its bytes and has not said that they are no longer used. */
  lent: number;
}

/** A block that was asked for. Once it is disposed of, its bytes may go; of one that never is, they are left to the collector. */
export interface LentBlock extends Disposable {
  bytes: Uint8Array;
  crc32: number;
}

/**
 * The blocks that this worker holds, counted by the byte. Beyond its share of memory, the blocks that were not used
 * for longest go to disk, and are read back whenever they are asked for.
 */
export class BlockStore {
  /** Bytes of blocks in memory. */
  memoryBytes = 0;
  /** Bytes of blocks that are on disk only. */
  spilledBytes = 0;
  readonly #folder: SpillFolder;
  readonly #onLost: (key: BlockKey) => void;
  #limit: number;
  readonly #blocks = new BlockTable<StoredBlock>();
  /** Blocks in memory, coldest first. */
  readonly #inMemory = new Set<StoredBlock>();
  readonly #arrivals = new BlockArrivals();
  #spilling: Promise<void> | undefined;

  /** @param onLost told of a block that the disk did not give back and that is held no more */
  constructor(folder: SpillFolder, memoryLimit: number, onLost: (key: BlockKey) => void = () => undefined) {
    this.#folder = folder;
    this.#onLost = onLost;
    this.#limit = memoryLimit;
  }

  /**
   * Holds a block in place of an earlier one of the same name; resolves when memory is within its share again.
   * @throws HyperslabError DISK_FULL when there is no room, STORAGE_UNAVAILABLE when the disk fails: the block is not held then
   */
  put(key: BlockKey, bytes: Uint8Array): Promise<void> {
    return this.putAll([{ key, bytes }]);
  }

  /** As `put`, of several blocks: all of them are held, or none. */
  async putAll(blocks: readonly { key: BlockKey; bytes: Uint8Array }[]): Promise<void> {
    const added = blocks.map(({ key, bytes }) => this.#add(key, bytes));
    if (this.memoryBytes <= this.#limit) return;
    try {
      await this.#makeRoom();
    } catch (error) {
      for (const block of added) {
        this.#blocks.remove(block);
        this.#forget(block);
      }
      throw error;
    }
  }

  /**
   * A block that is held, or parts of several as one block; undefined when it is not. One that the disk does not give back is held no more.
   * @throws HyperslabError BLOCK_NOT_FOUND when its spill file can't be read, CHECKSUM_MISMATCH when it has other bytes
   */
  async get(key: BlockKey): Promise<LentBlock | undefined> {
    if (key.parts !== undefined) return this.#parts(key, key.parts);
    const block = this.#blocks.find(key);
    if (block === undefined) return undefined;
    if (block.bytes !== undefined) {
      this.#use(block);
      return this.#lend(block, block.bytes);
    }
    const bytes = await this.#fromDisk(block, (file) => this.#folder.read(file, block.size));
    if (bytes === undefined) return undefined;
    if (crc32(bytes) !== block.crc32) throw this.#damaged(block);
    return this.#lend(block, bytes);
  }

  /** Whether a block, or all whose parts are asked for, are held: the first that is not; undefined when there is none. */
  missing(key: BlockKey): BlockKey | undefined {
    const { parts, ...block } = key;
    const keys = parts === undefined ? [block] : parts.tasks.map((task) => ({ ...block, task }));
    return keys.find((each) => this.#blocks.find(each) === undefined);
  }

  /** As a block of these parts, in memory of its own. */
  async #parts(key: BlockKey, { tasks, parts }: BlockParts): Promise<LentBlock | undefined> {
    const lent: Disposable[] = [];
    const take = async (task: number, part: number): Promise<EncodedPart | undefined> => {
      const block = this.#blocks.find({ ...key, task });
      if (block === undefined) return undefined;
      if (block.bytes !== undefined) {
        this.#use(block);
        lent.push(this.#lend(block, block.bytes));
        return partOf(block.bytes, part);
      }
      const found = await this.#fromDisk(block, (file) => this.#folder.readPart(file, part, block.size));
      if (found !== undefined && crc32(found.bytes) !== found.crc32) throw this.#damaged(block);
      return found;
    };
    try {
      const found = await Promise.all(tasks.map((task, at) => take(task, parts[at])));
      if (!found.every((part) => part !== undefined)) return undefined;
      const bytes = joinParts(found, Buffer.allocUnsafeSlow);
      return { bytes, crc32: crc32(bytes), [Symbol.dispose]: () => giveBack(bytes) };
    } finally {
      for (const each of lent) each[Symbol.dispose]();
    }
  }

  #use(block: StoredBlock): void {
    this.#inMemory.delete(block);
    this.#inMemory.add(block);
  }

  async #fromDisk<T>(block: StoredBlock, read: (file: string) => Promise<T>): Promise<T | undefined> {
    try {
      return await read(block.file as string);
    } catch (error) {
      // Forgotten while it was being read: it is as if it had not been there.
      if (block.forgotten) return undefined;
      if (isHyperslabError(error, 'FORMAT_CORRUPT')) throw this.#damaged(block);
      this.#lose(block);
      const why = error instanceof Error ? error.message : String(error);
      const message = `${blockName(block.key)}: its spill file can't be read: ${why}; it is made again`;
      throw new HyperslabError('BLOCK_NOT_FOUND', message, {}, error);
    }
  }

  #damaged(block: StoredBlock): HyperslabError {
    this.#lose(block);
    return new HyperslabError(
      'CHECKSUM_MISMATCH',
      `${blockName(block.key)}: the spill folder gave back other bytes than were written; is the disk sound?`,
    );
  }

  /**
   * As `get`, for a thread: a result that is read by another job, as persisted ones are, is brought to memory that threads share, once.
   * @throws HyperslabError as `get`
   */
  async getShared(key: BlockKey): Promise<LentBlock | undefined> {
    const lent = await this.get(key);
    if (lent === undefined || lent.bytes.length < leastShared) return lent;
    const block = this.#blocks.find(key);
    if (block?.bytes !== lent.bytes) return lent;
    block.bytes = sharedBytes(lent.bytes);
    if (block.bytes === lent.bytes) return lent;
    lent[Symbol.dispose]();
    return this.#lend(block, block.bytes);
  }

  /** The blocks of a stage of a job, those that are held and those that will be. */
  follow(jobId: string, stage: number, listing: string): Arrivals {
    return this.#arrivals.follow(jobId, stage, listing, this.#blocks.tasksOf(jobId, stage, listing));
  }

  /** Gives back a job's blocks, or those of one stage. */
  forget(jobId: string, stage?: number): void {
    for (const block of this.#blocks.removeAll(jobId, stage)) this.#forget(block);
  }

  /** All blocks, by job and stage; `fingerprintOf` names the plan of a job. */
  held(fingerprintOf: (jobId: string) => string): HeldBlocks[] {
    return this.#blocks.held(fingerprintOf);
  }

  /** Sets the share of memory; what is beyond it goes to disk. */
  async setLimit(bytes: number): Promise<void> {
    this.#limit = bytes;
    await this.#makeRoom();
  }

  #add(key: BlockKey, bytes: Uint8Array): StoredBlock {
    const block: StoredBlock = {
      key,
      size: bytes.length,
      crc32: crc32(bytes),
      bytes,
      forgotten: false,
      lent: 0,
    };
    this.#forget(this.#blocks.put(block));
    this.#inMemory.add(block);
    this.memoryBytes += block.size;
    this.#arrivals.arrived(key);
    return block;
  }

  #lose(block: StoredBlock): void {
    if (block.forgotten) return;
    this.#blocks.remove(block);
    this.#forget(block);
    this.#onLost(block.key);
  }

  #forget(block: StoredBlock | undefined): void {
    if (block === undefined || block.forgotten) return;
    block.forgotten = true;
    if (block.bytes !== undefined) this.#leaveMemory(block);
    else this.spilledBytes -= block.size;
    if (block.file !== undefined) this.#folder.remove(block.file);
  }

  #leaveMemory(block: StoredBlock): void {
    this.memoryBytes -= block.size;
    this.#inMemory.delete(block);
    const { bytes } = block;
    block.bytes = undefined;
    if (bytes?.buffer instanceof SharedArrayBuffer) countUnseen(bytes.length);
    if (block.lent === 0 && bytes !== undefined) giveBackBlock(bytes);
  }

  #lend(block: StoredBlock, bytes: Uint8Array): LentBlock {
    block.lent++;
    let isLent = true;
    return {
      bytes,
      crc32: block.crc32,
      [Symbol.dispose]: () => {
        if (!isLent) return;
        isLent = false;
        block.lent--;
        if (block.lent === 0 && block.bytes !== bytes) giveBackBlock(bytes);
      },
    };
  }

  async #makeRoom(): Promise<void> {
    while (this.memoryBytes > this.#limit) {
      this.#spilling ??= this.#spillColdest().finally(() => {
        this.#spilling = undefined;
      });
      await this.#spilling;
    }
  }

  async #spillColdest(): Promise<void> {
    const [block] = this.#inMemory;
    if (block?.bytes === undefined) return;
    using lent = this.#lend(block, block.bytes);
    const file = await this.#folder.write(lent.bytes);
    if (block.forgotten) {
      await this.#folder.remove(file);
      return;
    }
    block.file = file;
    this.#leaveMemory(block);
    this.spilledBytes += block.size;
  }
}

/** Of blocks that were packed behind each other none goes alone. */
function giveBackBlock(bytes: Uint8Array): void {
  if (bytes.length === bytes.buffer.byteLength) giveBack(bytes);
}
