/** Regions begin at multiples of a cache line. */
const granule = 64;

interface Extent {
  offset: number;
  length: number;
}

/**
 * Which parts of a run of bytes are taken. First fit: what lives as long as a tile is freed in another order than it was taken in, as the
 * next tiles are read while one is computed, and there are few such regions at a time.
 */
export class Extents {
  /** In order of offset; neighbours are joined. */
  readonly #free: Extent[] = [];
  readonly #taken = new Map<number, number>();
  #end = 0;

  /** Bytes of the run. */
  get end(): number {
    return this.#end;
  }

  /** Bytes that are taken. */
  get takenBytes(): number {
    return this.#end - this.#free.reduce((sum, { length }) => sum + length, 0);
  }

  /** Bytes at the end of the run that are free. */
  get freeAtEnd(): number {
    const last = this.#free.at(-1);
    return last !== undefined && last.offset + last.length === this.#end ? last.length : 0;
  }

  /** Lengthens the run by free bytes, a multiple of 64. */
  extend(bytes: number): void {
    this.#insert({ offset: this.#end, length: bytes });
    this.#end += bytes;
  }

  /** Takes so many bytes and answers where they begin; undefined when no free extent is that long. */
  take(bytes: number): number | undefined {
    const length = roundUp(bytes);
    const index = this.#free.findIndex((extent) => extent.length >= length);
    if (index === -1) return undefined;
    const extent = this.#free[index];
    const { offset } = extent;
    if (extent.length === length) this.#free.splice(index, 1);
    else this.#free[index] = { offset: offset + length, length: extent.length - length };
    this.#taken.set(offset, length);
    return offset;
  }

  /** Frees what was taken at an offset. Throws RangeError where nothing was. */
  free(offset: number): void {
    const length = this.#taken.get(offset);
    if (length === undefined)
      throw new RangeError(`no region begins at ${offset}: it is free, or never was taken`);
    this.#taken.delete(offset);
    this.#insert({ offset, length });
  }

  #insert({ offset, length }: Extent): void {
    let index = this.#free.findIndex((extent) => extent.offset > offset);
    if (index === -1) index = this.#free.length;
    const [before, after] = [this.#free[index - 1], this.#free[index]];
    const joined = { offset, length };
    let replaced = 0;
    if (after !== undefined && offset + length === after.offset) {
      joined.length += after.length;
      replaced++;
    }
    if (before !== undefined && before.offset + before.length === offset) {
      joined.offset = before.offset;
      joined.length += before.length;
      index--;
      replaced++;
    }
    this.#free.splice(index, replaced, joined);
  }
}

/** Bytes that a region of so many takes. No region is empty, for each has an offset of its own. */
export function roundUp(bytes: number): number {
  return Math.max(granule, Math.ceil(bytes / granule) * granule);
}
