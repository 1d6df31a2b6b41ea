import type { Layout, ObjectVersion, Packing } from '@hyperslab/proto/array';

/** A chunk of a piece that a selection touches, and where its bytes are. */
export interface LocatedChunk {
  /** Index of its first element in the array. */
  origin: number[];
  /** Its valid extents, cut at the edge of the piece. */
  shape: number[];
  /** Byte offset in the object. */
  offset: number;
  /** Stored bytes; 0 when the chunk was never written. */
  length: number;
  /** Codecs that were skipped, bit i for the i-th after "bytes". */
  skippedCodecs: number;
}

/** A piece of an array that a selection touches. */
export interface LocatedPiece {
  /** Index of its first element in the array. */
  origin: number[];
  /** Its extents. */
  shape: number[];
  /** How it is cut and encoded; the chunk shape has the rank of the array. */
  layout: Layout;
  /** What its stored numbers mean. */
  packing: Packing;
  /** The object that holds it; absent for a piece that is missing data. "manifest:" is the manifest object itself. */
  object?: { url: string; version: ObjectVersion };
  /** Those of its chunks that the selection touches, in row-major order; empty for missing data. */
  chunks: LocatedChunk[];
}
