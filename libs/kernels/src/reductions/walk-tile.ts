import { type MaskedArray, rowMajorStrides } from '@hyperslab/array';
import { presentRuns, type WalkedMask } from './present-runs.ts';
import type { OtherOperand } from './reduction-kind.ts';
import { type LineVisitor, type Strides, walkLines } from './walk-lines.ts';

/** A tile and where it goes. */
export interface TilePlace {
  tile: MaskedArray;
  others: readonly OtherOperand[];
  /** Dimensions of the tile that are reduced, ascending. */
  axes: readonly number[];
  /** Extents of the cells, and the cell of the tile's first element. */
  shape: readonly number[];
  origin: readonly number[];
}

/**
 * Visits a tile line by line: array 0 of the visitor is the tile, array 1 the cells, then come the other operands, which
 * are repeated along dimensions that they lack, then `more`. Elements that are missing in the tile or in another operand are
 * left out.
 */
export function walkTile(
  { tile, others, axes, shape, origin }: TilePlace,
  visit: LineVisitor,
  more: readonly { strides: Strides; start: number }[] = [],
): void {
  const { strides, starts } = placesOf({ tile, others, axes, shape, origin });
  const masks = [tile, ...others.map(({ array }) => array)].flatMap(({ mask }, i): WalkedMask[] =>
    mask === undefined ? [] : [{ array: i === 0 ? 0 : i + 1, mask }],
  );
  walkLines(
    tile.shape,
    [...strides, ...more.map((each) => each.strides)],
    [...starts, ...more.map((each) => each.start)],
    presentRuns(masks, visit),
  );
}

/** Strides of a tile, of its cells and of other operands along the dimensions of the tile, and where its first element is in each. */
export function placesOf({ tile, others, axes, shape, origin }: TilePlace): {
  strides: Strides[];
  starts: number[];
} {
  const strides = rowMajorStrides(shape);
  const first = origin.reduce((sum, index, i) => sum + index * strides[i], 0);
  let kept = 0;
  const cells = tile.shape.map((_, axis) => (axes.includes(axis) ? 0 : strides[kept++]));
  return {
    strides: [rowMajorStrides(tile.shape), cells, ...others.map((other) => stridesOf(other, tile.shape))],
    starts: [0, first, ...others.map(() => 0)],
  };
}

function stridesOf({ array, axes }: OtherOperand, shape: readonly number[]): number[] {
  const own = rowMajorStrides(array.shape);
  return shape.map((_, axis) => (axes.includes(axis) ? own[axes.indexOf(axis)] : 0));
}
