import type { AddedAtOnce } from './reduction-kind.ts';

/** A tile to add, and its parts that could be added one after the other instead. */
export interface CutTile {
  shape: readonly number[];
  /** Extents of the parts but the last along each dimension; parts come in row-major order. */
  partShape: readonly number[];
  /** Dimensions that are reduced. */
  axes: readonly number[];
  /** Dimensions that each other operand has. */
  others: readonly (readonly number[])[];
}

/** Whether a tile gives the bits that its parts would give. */
export function isAddedAlike(
  addsBy: AddedAtOnce = 'tiles',
  { shape, partShape, axes, others }: CutTile,
): boolean {
  if (axes.every((axis) => shape[axis] === 1)) return true;
  if (addsBy !== 'lines') return addsBy === 'elements';
  const cut = shape.findLastIndex((extent, axis) => partShape[axis] !== extent);
  // With a gap between the rows of a part, its lines may be longer than those of the tile.
  if (partShape.some((extent, axis) => axis < cut && extent > 1)) return false;
  const inner = shape.findLastIndex((extent) => extent > 1);
  if (!axes.includes(inner)) return true;
  // Of operands whose dimensions are in another order, lines end elsewhere in a part.
  if (others.some((own) => own.some((axis, at) => at > 0 && own[at - 1] > axis))) return false;
  const isLike = (axis: number) =>
    axes.includes(axis) && others.every((own) => own.includes(axis) === own.includes(inner));
  const line = shape.findLastIndex((extent, axis) => extent > 1 && !isLike(axis)) + 1;
  return shape.every((extent, axis) => axis < line || partShape[axis] === extent);
}
