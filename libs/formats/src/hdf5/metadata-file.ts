import { HyperslabError } from '@hyperslab/errors';
import { formatCorrupt } from '../format-error.ts';
import type { BlockReader } from './block-reader.ts';
import { FieldCursor } from './field-cursor.ts';
import type { OtherFiles } from './other-files.ts';
import { RowBudget } from './row-budget.ts';

// A file can point at the same bytes any number of times. What is parsed in all is bounded by its size, so that a
// hostile file costs no more than an honest one: metadata is read once or twice, and heaps are shared.
const leastParsedBytes = 64 * 1024 * 1024;
const mostParsedBytes = 512 * 1024 * 1024;

// Rows of the chunk tables of one file. Real files have some thousand a variable.
const mostChunkRows = 4 * 1024 * 1024;

// Blocks that mappings of virtual datasets take, at some 100 bytes each: a few bytes can claim any number of them. In a file
// that is read, each begins a chunk.
const mostSpans = 2 * 1024 * 1024;

/** Widths and origin of addresses, as the superblock states them. */
export interface AddressSpace {
  /** Bytes of an address. */
  offsetSize: number;
  /** Bytes of a length. */
  lengthSize: number;
  /** Offset in the object of address 0: the length of the user block. */
  base: number;
}

/** The structures of one HDF5 file by address, with bounded effort. */
export class MetadataFile {
  readonly url: string;
  readonly space: AddressSpace;
  /** Address of the root group. */
  readonly rootAddress: number;
  /** Files beside it that it may name. */
  readonly others: OtherFiles;
  /** What was left out of the index, and why. */
  readonly notes: string[] = [];
  /** Address of the fractal heap with shared messages, by message type. */
  readonly sharedMessageHeaps = new Map<number, number>();
  /** Half the fan-out of a chunk B-tree of version 1, to foresee the length of its nodes. */
  chunkNodeK = 32;
  readonly #blocks: BlockReader;
  readonly #memory = new Map<string, Promise<unknown>>();
  #parsedBytesLeft: number;
  readonly #chunkRows: RowBudget;
  #spansLeft = mostSpans;

  constructor(
    blocks: BlockReader,
    { space, rootAddress }: { space: AddressSpace; rootAddress: number },
    others: OtherFiles,
    chunkRows = new RowBudget(mostChunkRows),
  ) {
    this.url = blocks.url;
    this.space = space;
    this.rootAddress = rootAddress;
    this.others = others;
    this.#blocks = blocks;
    this.#chunkRows = chunkRows;
    this.#parsedBytesLeft = Math.min(mostParsedBytes, leastParsedBytes + 4 * blocks.size);
  }

  /**
   * A cursor over `length` bytes at an address. With `likely`, that many bytes are fetched if the object has them: a
   * structure whose length stands in itself is then there in one round trip. What is in memory comes at once. Throws FORMAT_CORRUPT past the end.
   */
  structure(
    address: number,
    length: number,
    what: string,
    likely = length,
  ): FieldCursor | Promise<FieldCursor> {
    const offset = this.offsetOf(address);
    this.spend(length, what);
    const fetched = Math.max(length, Math.min(likely, this.#blocks.size - offset));
    const over = (bytes: Uint8Array) => this.cursor(bytes.subarray(0, length), offset);
    const read = this.#blocks.read(offset, fetched, what);
    return read instanceof Promise ? read.then(over) : over(read);
  }

  /** A cursor over bytes that lie at an offset of the object. */
  cursor(bytes: Uint8Array, offset: number): FieldCursor {
    return new FieldCursor(bytes, { ...this.space, url: this.url, base: offset });
  }

  /** Offset in the object of an address. */
  offsetOf(address: number): number {
    return this.space.base + address;
  }

  /** Whether bytes at an address lie within the object. */
  holds(address: number, length: number): boolean {
    return this.offsetOf(address) + length <= this.#blocks.size;
  }

  get size(): number {
    return this.#blocks.size;
  }

  /** A structure that many others share, parsed once. The key names it: "heap 4096". */
  once<T>(key: string, parse: () => Promise<T>): Promise<T> {
    let parsed = this.#memory.get(key) as Promise<T> | undefined;
    if (parsed === undefined) {
      parsed = parse();
      this.#memory.set(key, parsed);
    }
    return parsed;
  }

  /** Counts bytes that are parsed or copied. Throws TOO_LARGE when they are more than a file of this size can need. */
  spend(bytes: number, what: string): void {
    this.#parsedBytesLeft -= bytes;
    if (this.#parsedBytesLeft >= 0) return;
    throw new HyperslabError(
      'TOO_LARGE',
      `${this.url}: expected metadata in proportion to ${this.#blocks.size} bytes, found structures that repeat or overlap without end (at: ${what}); the file is damaged: copy or write it again`,
      { url: this.url, found: what },
    );
  }

  /** Counts rows of chunk tables. False when they are more than an index should carry. */
  claimChunkRows(rows: number): boolean {
    return this.#chunkRows.claim(rows);
  }

  /** Counts blocks of mappings of virtual datasets. False when they are more than a file should have. */
  claimSpans(count: number): boolean {
    if (count > this.#spansLeft) return false;
    this.#spansLeft -= count;
    return true;
  }

  /** FORMAT_CORRUPT at an address. */
  corrupt(address: number, expected: string, found: string): Error {
    return formatCorrupt(this.url, this.offsetOf(address), expected, found);
  }
}
