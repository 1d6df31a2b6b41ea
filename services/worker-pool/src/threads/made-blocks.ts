/** Blocks go to the main thread after so much time, or so many bytes: what is done counts even if the next one takes long. */
const mostMs = 4;
const mostBytes = 256 * 1024;

/** Blocks behind each other, and how long they took. */
export interface PackedBlocks {
  bytes: Uint8Array;
  sizes: number[];
  runMs: number;
}

/**
 * Gathers the blocks of consecutive short tasks: a message takes more time than a small block. Their memory is handed over;
 * what threads share would take longer to make, and whoever needs a small block may have a copy. A large one is sent as it is.
 */
export class MadeBlocks {
  readonly #send: (blocks: PackedBlocks) => void;
  #blocks: Uint8Array[] = [];
  #bytes = 0;
  #sinceMs = performance.now();

  constructor(send: (blocks: PackedBlocks) => void) {
    this.#send = send;
  }

  add(block: Uint8Array): void {
    if (isSentAlone(block)) this.flush();
    this.#blocks.push(block);
    this.#bytes += block.length;
    if (isSentAlone(block) || this.#bytes >= mostBytes || performance.now() - this.#sinceMs >= mostMs)
      this.flush();
  }

  /** Sends what there is. */
  flush(): void {
    const blocks = this.take();
    if (blocks !== undefined) this.#send(blocks);
  }

  /** What was not sent, which the caller sends; undefined when all was. */
  take(): PackedBlocks | undefined {
    if (this.#blocks.length === 0) return undefined;
    const [first] = this.#blocks;
    const bytes = isSentAlone(first) ? first : joined(this.#blocks, this.#bytes);
    const nowMs = performance.now();
    const blocks = { bytes, sizes: this.#blocks.map(({ length }) => length), runMs: nowMs - this.#sinceMs };
    this.#blocks = [];
    this.#bytes = 0;
    this.#sinceMs = nowMs;
    return blocks;
  }
}

function isSentAlone({ buffer, length }: Uint8Array): boolean {
  return buffer instanceof SharedArrayBuffer || (length >= mostBytes && length === buffer.byteLength);
}

function joined(blocks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

/** The blocks that were packed behind each other; their bytes stay where they are. */
export function splitBlocks(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return bytes.subarray(at - size, at);
  });
}

/** A block to post to a thread: a copy where others lie beside it, which would be copied with it. */
export function ownBytes(block: Uint8Array): Uint8Array {
  const isShared = block.buffer instanceof SharedArrayBuffer;
  return isShared || block.length === block.buffer.byteLength ? block : block.slice();
}
