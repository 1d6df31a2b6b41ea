import { sharedMemory } from './shared-bytes.ts';

/** Blocks go to the main thread after so much time, or so many bytes: what is done counts even if the next one takes long. */
const mostMs = 4;
const mostBytes = 256 * 1024;

/** Blocks behind each other, and how long they took. */
export interface PackedBlocks {
  bytes: Uint8Array;
  sizes: number[];
  runMs: number;
}

/** Gathers the blocks of consecutive short tasks: memory that threads share, and a message, take more time than a small block. */
export class MadeBlocks {
  readonly #send: (blocks: PackedBlocks) => void;
  #blocks: Uint8Array[] = [];
  #bytes = 0;
  #sinceMs = performance.now();

  constructor(send: (blocks: PackedBlocks) => void) {
    this.#send = send;
  }

  add(block: Uint8Array): void {
    this.#blocks.push(block);
    this.#bytes += block.length;
    if (this.#bytes >= mostBytes || performance.now() - this.#sinceMs >= mostMs) this.flush();
  }

  flush(): void {
    if (this.#blocks.length === 0) return;
    const bytes = sharedMemory(this.#bytes);
    let at = 0;
    for (const block of this.#blocks) {
      bytes.set(block, at);
      at += block.length;
    }
    const nowMs = performance.now();
    this.#send({ bytes, sizes: this.#blocks.map(({ length }) => length), runMs: nowMs - this.#sinceMs });
    this.#blocks = [];
    this.#bytes = 0;
    this.#sinceMs = nowMs;
  }
}

/** The blocks that were packed behind each other; their bytes stay where they are. */
export function splitBlocks(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return bytes.subarray(at - size, at);
  });
}
