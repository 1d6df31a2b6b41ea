import { decodeArray, encodeValues, type MaskedArray } from '@hyperslab/array';
import type { Packing } from '@hyperslab/proto/array';
import type { ManifestBuilder } from '../manifest/manifest-builder.ts';
import type { ContentTable } from './content-table.ts';
import { withMissingMarked } from './embed-values.ts';
import type { MergedPiece } from './merged-variable.ts';

/** Values of a content, as one chunk of the manifest object. */
interface EmbeddedChunk {
  object: number;
  offset: number;
  length: number;
  storedDtype: string;
  packing: Packing;
}

/** Whether the values of a piece lie in the index, with no account of where they are in the file. */
export function isInIndex({ content, variable, absent }: MergedPiece): boolean {
  return !absent && content >= 0 && variable.inlineValues !== undefined;
}

/**
 * Puts values that lie in the index into the manifest object, for pieces beside others that are too large to be in the index: as
 * they are stored, or unpacked where they were converted to other units. Equal contents are there once.
 */
export class EmbeddedPieces {
  readonly #contents: ContentTable;
  readonly #builder: ManifestBuilder;
  readonly #known = new Map<number, EmbeddedChunk>();

  constructor(contents: ContentTable, builder: ManifestBuilder) {
    this.#contents = contents;
    this.#builder = builder;
  }

  /** The chunk of a piece that `isInIndex`. */
  of({ content }: MergedPiece): EmbeddedChunk {
    let chunk = this.#known.get(content);
    if (chunk === undefined) {
      const { packing, ...array } = this.#stored(content);
      const bytes = encodeValues(array);
      const { length } = bytes;
      chunk = { ...this.#builder.embed(bytes), length, storedDtype: array.dtype, packing };
      this.#known.set(content, chunk);
    }
    return chunk;
  }

  #stored(content: number): MaskedArray & { packing: Packing } {
    const { variable, packing, convert } = this.#contents.get(content);
    if (convert !== undefined) return withMissingMarked(this.#contents.values(content)!);
    return { ...decodeArray({ ...variable.inlineValues!, shape: variable.shape }), packing };
  }
}
