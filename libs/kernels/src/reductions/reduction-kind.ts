import type { MaskedArray, NumericType } from '@hyperslab/array';
import type { Allocator } from '../allocator.ts';

/** What a reduction takes beside arrays, by name; it comes as JSON with a plan. */
export type ReductionParameters = Readonly<Record<string, unknown>>;

/** What a reduction is made for. */
export interface ReductionRequest {
  /** Type of the elements. */
  dtype: NumericType;
  /** Types of the other operands, such as weights. */
  otherTypes: readonly NumericType[];
  /** Extents of the dimensions that stay; each cell of them gets a value. */
  shape: readonly number[];
  /** How many elements every cell is made of, missing ones included; or each cell, in row-major order. */
  total: number | Float64Array;
  parameters: ReductionParameters;
  /** Where its arrays are made. A region must stay for as long as the reduction, and what was finished of it, is used. */
  memory: Allocator;
}

/** Another operand of a reduction for a tile: dimension i of the array is dimension `axes[i]` of the tile, of its length. */
export interface OtherOperand {
  array: MaskedArray;
  axes: readonly number[];
}

/** Elements one by one; lines of elements that lie beside each other and are treated alike; or all that a tile has for a cell. */
export type AddedAtOnce = 'elements' | 'lines' | 'tiles';

/** A reduction under way. */
export interface PartialReduction {
  /**
   * Adds a tile. Tiles come in row-major order, and so do elements within each: that order decides the last bit.
   *
   * @param axes dimensions of the tile that are reduced, ascending
   * @param origin cell of the tile's first element, by the dimensions that stay
   * @param start index of the tile's first element in what is reduced, by all dimensions of the tile
   */
  add(
    tile: MaskedArray,
    others: readonly OtherOperand[],
    axes: readonly number[],
    origin: readonly number[],
    start: readonly number[],
  ): void;
  /** Adds another over the same cells, whose elements come after those of this one. The other may be used up. */
  merge(from: PartialReduction): void;
  /** It as at most 63 arrays that can travel, of which `fromArrays` makes it again. */
  toArrays(): MaskedArray[];
  /** Its values: the cells, then the dimensions that the reduction adds, if it does. */
  finish(): MaskedArray;
}

/** A kind of reduction, found by its name in a plan. */
export interface ReductionKind {
  /** Type of its values. */
  resultType(
    dtype: NumericType,
    otherTypes: readonly NumericType[],
    parameters: ReductionParameters,
  ): NumericType;
  /** Bytes that a cell of `total` elements takes at most while it is under way; left out for the few numbers of most. */
  cellBytes?(dtype: NumericType, total: number, parameters: ReductionParameters): number;
  /** Partial results are about as large as what they are of, so there should be one. */
  holdsAll?: boolean;
  /** Its values are places of elements, which `start` of a tile tells. */
  answersPlaces?: boolean;
  /** What it adds to a cell at once; parts of a tile that cut none of these give the bits of the whole tile. @default 'tiles' */
  addsBy?: AddedAtOnce;
  /** One of nothing yet. */
  create(request: ReductionRequest): PartialReduction;
  /** One from its arrays, which it never writes to: others read them, too. Throws FORMAT_CORRUPT when they are not of one. */
  fromArrays(request: Omit<ReductionRequest, 'total'>, arrays: readonly MaskedArray[]): PartialReduction;
}

/** How many elements a cell is made of. */
export function totalAt(total: number | Float64Array, cell: number): number {
  return typeof total === 'number' ? total : total[cell];
}
