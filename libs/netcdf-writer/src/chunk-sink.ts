import type { AtomicFile } from '@hyperslab/storage/file';

/** Chunks that are encoded or written at a time: enough for zlib's threads, few enough for memory. */
const mostUnderWay = 8;

/**
 * Appends chunks to a file in the order in which they were handed over, while later ones are being compressed: the
 * file is the same however the threads run.
 */
export class ChunkSink {
  readonly #file: AtomicFile;
  #end: number;
  #last: Promise<void> = Promise.resolve();
  #underWay: Promise<void>[] = [];
  #failure: { error: unknown } | undefined;

  constructor(file: AtomicFile, start: number) {
    this.#file = file;
    this.#end = start;
  }

  /** First byte after what is written; the end of the file after `drain`. */
  get end(): number {
    return this.#end;
  }

  /**
   * Resolves when there is room for another. Throws what an earlier chunk failed of.
   * @param placed hears the chunk's address and length
   */
  async append(
    encoded: Promise<Uint8Array>,
    placed: (address: number, length: number) => void,
  ): Promise<void> {
    const before = this.#last;
    this.#last = Promise.all([encoded, before])
      .then(async ([bytes]) => {
        if (this.#failure) return;
        const address = this.#end;
        this.#end += bytes.length;
        placed(address, bytes.length);
        await this.#file.write(bytes, address);
      })
      .catch((error) => {
        this.#failure ??= { error };
      });
    this.#underWay.push(this.#last);
    if (this.#underWay.length >= mostUnderWay) await this.#underWay.shift();
    if (this.#failure) throw this.#failure.error;
  }

  /** Resolves when all is written. Throws what a chunk failed of. */
  async drain(): Promise<void> {
    await this.#last;
    this.#underWay = [];
    if (this.#failure) throw this.#failure.error;
  }
}
