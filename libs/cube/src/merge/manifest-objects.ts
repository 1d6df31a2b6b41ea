import type { ChunkTable } from '@hyperslab/proto/index';
import type { ManifestBuilder } from '../manifest/manifest-builder.ts';
import type { SourceFile } from './collect-pieces.ts';

/** URL of the object that an index itself is: it holds the bytes of chunks that lie in no other. */
const heldUrl = 'index:';

/** Where the chunks of a piece lie, as the manifest wants it. */
interface PlacedChunks {
  offsets: ArrayLike<number>;
  /** Number of each chunk's object plus one, 0 for the file; absent when all lie in the file. */
  objects?: ArrayLike<number>;
}

/** Gives files, and the other objects that their chunks lie in, numbers in the manifest when they are first needed. */
export class ManifestObjects {
  readonly #files: readonly SourceFile[];
  readonly #builder: ManifestBuilder;
  readonly #numbers = new Map<number, number>();
  /** By file, then by place in its list of others. What the index holds has a place in the manifest object. */
  readonly #others = new Map<number, ({ object: number; offset: number } | undefined)[]>();

  constructor(files: readonly SourceFile[], builder: ManifestBuilder) {
    this.#files = files;
    this.#builder = builder;
  }

  /** Number of a file. */
  ofFile(file: number): number {
    let number = this.#numbers.get(file);
    if (number === undefined) {
      const { url, version } = this.#files[file];
      number = this.#builder.addObject(url, version);
      this.#numbers.set(file, number);
    }
    return number;
  }

  /** Offsets and objects of the chunks of a variable of a file. */
  place(file: number, { offsets, objects }: ChunkTable): PlacedChunks {
    if (objects === undefined) return { offsets };
    const placed = { offsets: Float64Array.from(offsets), objects: new Uint32Array(offsets.length) };
    for (const [row, number] of objects.numbers.entries()) {
      if (number === 0) continue;
      const other = this.#other(file, number - 1);
      placed.offsets[row] += other.offset;
      placed.objects[row] = other.object + 1;
    }
    return placed;
  }

  #other(file: number, at: number): { object: number; offset: number } {
    let known = this.#others.get(file);
    if (known === undefined) {
      known = [];
      this.#others.set(file, known);
    }
    known[at] ??= this.#add(file, at);
    return known[at];
  }

  #add(file: number, at: number): { object: number; offset: number } {
    const { urls, versions, held } = this.#files[file].others!;
    if (urls[at] === heldUrl) return this.#builder.embed(held);
    return { object: this.#builder.addObject(urls[at], versions[at]), offset: 0 };
  }
}
