import { type NumericValues, viewValues } from '@hyperslab/array';
import { Extents, roundUp } from './extents.ts';
import { pageBytes, type WasmMemory, webAssembly } from './web-assembly.ts';

/** The most that a WebAssembly memory with 32-bit addresses has. */
export const mostOfAll = 2 ** 32;
/** The arena grows by so much at least, and by what it has already: growing copies nothing, but each time makes a new buffer. */
export const leastGrowth = 2 ** 20;
/** The first bytes belong to no region: 0 stands for "none". */
const reserved = 64;

/**
 * The memory of a thread that kernels compute in. Values that lie in it are computed in place.
 *
 * It is shared memory, so that it can grow while there are views of it (growing detaches the buffer of an unshared one) and
 * other threads and native libraries can read and write it. The system gives pages when they are first written; what was given stays.
 */
export class Arena {
  readonly memory: WasmMemory;
  readonly mostBytes: number;
  readonly #extents = new Extents();
  /** Each growth makes another buffer object of the same memory. */
  readonly #buffers = new WeakSet<ArrayBufferLike>();
  #buffer: SharedArrayBuffer;

  /** An empty arena that grows to `mostBytes` at most, which is at least 1 MiB and at most 4 GiB. Throws RangeError. */
  constructor(mostBytes: number) {
    if (!(mostBytes >= leastGrowth && mostBytes <= mostOfAll)) {
      throw new RangeError(`arena of ${mostBytes} bytes: expected ${leastGrowth} to ${mostOfAll}`);
    }
    this.mostBytes = Math.floor(mostBytes / pageBytes) * pageBytes;
    const initial = leastGrowth / pageBytes;
    const maximum = this.mostBytes / pageBytes;
    this.memory = new webAssembly.Memory({ initial, maximum, shared: true });
    this.#buffer = this.memory.buffer;
    this.#buffers.add(this.#buffer);
    this.#extents.extend(leastGrowth);
    this.#extents.take(reserved);
  }

  /** Bytes of its regions. */
  get takenBytes(): number {
    return this.#extents.takenBytes - reserved;
  }

  /** Bytes of its memory: of the process, those that were ever written. */
  get bytes(): number {
    return this.#extents.end;
  }

  /** Takes a region, whose bytes may be anything, and answers its offset; undefined when it would pass the arena's limit. */
  take(bytes: number): number | undefined {
    return this.#extents.take(bytes) ?? (this.#grow(roundUp(bytes)) ? this.#extents.take(bytes) : undefined);
  }

  /** Frees a region. Views of it then show what comes next. Throws RangeError for an offset at which none begins. */
  free(offset: number): void {
    this.#extents.free(offset);
  }

  /** A view of a region, from `offset` on, which must be a multiple of the element's size. */
  view(dtype: string, offset: number, count: number): NumericValues {
    return viewValues(dtype, this.#buffer, offset, count);
  }

  /** True for values that lie in the arena, at their `byteOffset`. */
  holds({ buffer }: ArrayBufferView): boolean {
    return buffer === this.#buffer || this.#buffers.has(buffer);
  }

  /** Makes room for a region of so many bytes at the end. */
  #grow(bytes: number): boolean {
    const { end, freeAtEnd } = this.#extents;
    const room = this.mostBytes - end;
    const needed = bytes - freeAtEnd;
    if (needed > room) return false;
    const growth = Math.min(room, Math.max(needed, end, leastGrowth));
    const pages = Math.ceil(growth / pageBytes);
    try {
      this.memory.grow(pages);
    } catch (error) {
      // The system has no more addresses: as good as the limit.
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.#buffer = this.memory.buffer;
    this.#buffers.add(this.#buffer);
    this.#extents.extend(pages * pageBytes);
    return true;
  }
}
