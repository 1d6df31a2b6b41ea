import type { Layout, ObjectVersion, Packing } from '@hyperslab/proto/array';

/** An object, and which state of it was indexed; one whose fields are all zero is not known. */
export interface LocatedObject {
  url: string;
  version: ObjectVersion;
}

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
  /** The object that holds it, where that is not its piece's. */
  object?: LocatedObject;
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
  object?: LocatedObject;
  /** Those of its chunks that the selection touches, in row-major order; empty for missing data. */
  chunks: LocatedChunk[];
}
