import type { DataType, MaskedArray, RunLengths } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';

/** A coordinate of a result with its values. */
export interface ResultCoordinate extends MaskedArray {
  name: string;
  /** Dimensions of the result that it spans. */
  dimensions: readonly string[];
  units: string;
  /** Calendar of a time coordinate, else empty. */
  calendar: string;
  standardName: string;
  axis: string;
  /** What people call it. */
  longName?: string;
  /** Of a vertical coordinate: "up" or "down" (CF section 4.3). */
  positive?: string;
  /** Cell bounds: one dimension more. */
  bounds?: MaskedArray | undefined;
  /** Bounds are those of a climatology (CF section 7.4). */
  climatology?: boolean;
}

/** What a result is, before any of its values is known. */
export interface ResultHead {
  /** A name for it: of the variable when it is one, else the expression. */
  name: string;
  dtype: DataType;
  units: string;
  dimensions: readonly string[];
  shape: readonly number[];
  /** standard_name, long_name, cell_methods and others that hold for the values. */
  attributes: readonly Attribute[];
  coordinates: readonly ResultCoordinate[];
  /** Extents of the blocks in which it comes, along each dimension. */
  blockGrid: readonly RunLengths[];
  /** The grid of its horizontal coordinates; absent where none is known. */
  gridMapping?: { name: string; attributes: readonly Attribute[] } | undefined;
}

/** A box of a result, with its values. */
export interface ResultBox extends MaskedArray {
  /** Index of its first element in each dimension of the result. */
  origin: number[];
}

/** A result that is computed when its blocks are taken, once. */
export interface Result {
  head: ResultHead;
  /** Disjoint boxes that cover it. */
  blocks(): AsyncIterable<ResultBox>;
}
