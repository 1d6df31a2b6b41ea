import { HyperslabError } from '@hyperslab/errors';
import type { ChunkTable } from '@hyperslab/proto/index';
import { ChunkPage } from '@hyperslab/proto/manifest';

const slabBytes = 4 * 1024 * 1024;
const lengthBytes = 4;
const longestChunk = 0xffff_ffff;
/** A handle is the number of a slab times this, plus the place in it. */
const handleStride = 2 ** 32;

/**
 * Chunk tables while they wait for the merge to know their order, in few bytes: 100 million chunks are some hundred
 * megabytes. Each is kept as a page of the manifest has it (offsets as differences from the end of the chunk before), one
 * behind the other in large slabs.
 */
export class ChunkLog {
  readonly #slabs: Uint8Array[] = [];
  #used = slabBytes;

  /** Keeps a table and gives the number under which it is found. Throws FORMAT_UNSUPPORTED for a chunk of 4 GiB or more. */
  add(table: ChunkTable, name: string): number {
    const tooLong = table.lengths.find((length) => length > longestChunk);
    if (tooLong !== undefined)
      throw new HyperslabError(
        'FORMAT_UNSUPPORTED',
        `${name}: a chunk of ${tooLong} bytes is not supported; expected less than 4 GiB: write it in smaller chunks`,
        { found: String(tooLong) },
      );
    const packed = packedTable(table);
    const bytes = lengthBytes + packed.length;
    if (this.#used + bytes > slabBytes) {
      this.#slabs.push(new Uint8Array(Math.max(slabBytes, bytes)));
      this.#used = 0;
    }
    const slab = this.#slabs.length - 1;
    const at = this.#used;
    new DataView(this.#slabs[slab].buffer).setUint32(at, packed.length, true);
    this.#slabs[slab].set(packed, at + lengthBytes);
    this.#used += bytes;
    return slab * handleStride + at;
  }

  /** The table of a number. */
  get(handle: number): ChunkTable {
    const slab = this.#slabs[Math.floor(handle / handleStride)];
    const start = (handle % handleStride) + lengthBytes;
    const length = new DataView(slab.buffer).getUint32(start - lengthBytes, true);
    return unpacked(slab.subarray(start, start + length));
  }
}

function packedTable({ offsets, lengths, skippedCodecs, objects }: ChunkTable): Uint8Array {
  const offsetDeltas = new Array<number>(offsets.length);
  let end = 0;
  for (let row = 0; row < offsets.length; row++) {
    offsetDeltas[row] = offsets[row] - end;
    end = offsets[row] + lengths[row];
  }
  const numbers = objects?.numbers ?? [];
  const objectDeltas = numbers.map((number, row) => number - (row === 0 ? 0 : numbers[row - 1]));
  return ChunkPage.encode({ offsetDeltas, lengths, skippedCodecs, objectDeltas }).finish();
}

function unpacked(bytes: Uint8Array): ChunkTable {
  const { offsetDeltas: offsets, lengths, skippedCodecs, objectDeltas } = ChunkPage.decode(bytes);
  let end = 0;
  for (let row = 0; row < offsets.length; row++) {
    offsets[row] += end;
    end = offsets[row] + lengths[row];
  }
  let object = 0;
  const numbers = objectDeltas.map((delta) => {
    object += delta;
    return object;
  });
  return { offsets, lengths, skippedCodecs, objects: numbers.length === 0 ? undefined : { numbers } };
}
