import type { IndexRange } from '@hyperslab/array';
import type { Layout, ObjectVersion, Packing } from '@hyperslab/proto/array';

/** A chunk of a piece that is wanted. */
export interface LocatedChunk {
  /** Index of its first element in the array. */
  origin: number[];
  /** Its valid extents, cut at the edge of the piece. */
  shape: number[];
  offset: number;
  /** Stored length in bytes; 0 for a chunk that was never written. */
  length: number;
  skippedCodecs: number;
}

/** A part of an array that lies in one object, or nowhere. What `Manifest.locate` yields. */
export interface LocatedPiece {
  /** Its box in the array. */
  origin: number[];
  shape: number[];
  layout: Layout;
  packing: Packing;
  /** Absent: the piece is missing data. */
  object?: { url: string; version: ObjectVersion };
  /** Those that the ranges touch, in row-major order. */
  chunks: LocatedChunk[];
}

/** What is needed of a manifest. */
export interface PieceLocator {
  locate(array: number, ranges: readonly IndexRange[]): AsyncIterable<LocatedPiece>;
}
