import type { IndexRequest } from '../format-reader.ts';

/** What is read at once where fields are small or of many lengths. */
const windowBytes = 1024 * 1024;

/** Fields up to this distance are read in windows: what lies between their headers costs less than a request for each. */
const smallFieldBytes = 16 * 1024;

/** The same once lengths were found to differ, so that the place of the next header can't be guessed. */
const unevenFieldBytes = 256 * 1024;

/** How many headers are asked for at once when their places were guessed right so far. */
const mostAhead = 64;

/**
 * Reads the headers of a PP file, each of which tells where the next one lies. Most files are fields of one length: after
 * a few, the places of the next ones are guessed, and all of these are asked for at once.
 */
export class LookAhead {
  readonly #request: IndexRequest;
  #blocks: { offset: number; bytes: Uint8Array }[];
  #used = new Set<number>();
  #ahead = 1;
  #wrong = 0;

  constructor(request: IndexRequest) {
    this.#request = request;
    this.#blocks = [{ offset: 0, bytes: request.head }];
  }

  /** Bytes at a place. `stride` is the distance to the place that was asked for before. Throws what the source throws. */
  async read(offset: number, length: number, stride: number): Promise<Uint8Array> {
    const held = this.#find(offset, length);
    if (held !== undefined) return held;
    const { source, version, signal } = this.#request;
    const ranges = this.#plan(offset, length, stride);
    const bytes = await source.read(ranges, { signal, expect: version });
    this.#blocks = ranges.map((range, i) => ({ offset: range.offset, bytes: bytes[i] }));
    this.#used = new Set();
    return this.#find(offset, length)!;
  }

  #find(offset: number, length: number): Uint8Array | undefined {
    const at = this.#blocks.findIndex(
      (block) => block.offset <= offset && offset + length <= block.offset + block.bytes.length,
    );
    if (at < 0) return undefined;
    this.#used.add(at);
    const { bytes, offset: begin } = this.#blocks[at];
    return bytes.subarray(offset - begin, offset - begin + length);
  }

  #plan(offset: number, length: number, stride: number): { offset: number; length: number }[] {
    const { size } = this.#request.version;
    const right = this.#used.size === this.#blocks.length;
    this.#ahead = right ? Math.min(mostAhead, 2 * this.#ahead) : 1;
    if (!right) this.#wrong++;
    if (stride <= (this.#wrong > 2 ? unevenFieldBytes : smallFieldBytes)) {
      return [{ offset, length: Math.min(Math.max(length, windowBytes), size - offset) }];
    }
    // After the last field there is no header, but the end of its record.
    const count = Math.min(this.#ahead, Math.ceil((size - offset) / stride));
    return Array.from({ length: count }, (_, i) => ({
      offset: offset + i * stride,
      length: Math.min(length, size - offset - i * stride),
    }));
  }
}
