import { axisOf } from '../cf/axis.ts';
import type { ContentTable } from './content-table.ts';
import type { Piece, PieceGroup } from './piece.ts';

/**
 * Parts pieces by the grid they lie on: horizontal coordinates, and extents of dimensions that are no time. Pieces of
 * different grids are different cubes where they can't be joined.
 */
export function splitByGrid(group: PieceGroup, pieces: readonly Piece[], contents: ContentTable): Piece[][] {
  const parts = new Map<string, Piece[]>();
  const first = pieces[0];
  const axes = group.links.map((_, i) => axisOf(contents.get(first.contents[i]).variable.attributes));
  const isTime = (d: number) =>
    group.unlimited.has(group.dimensions[d]) ||
    group.links.some(
      (link, i) => link.role === 'dimension' && link.path === group.dimensions[d] && axes[i] === 'T',
    );
  const horizontal = group.links.flatMap((link, i) => {
    const isGrid = link.role === 'dimension' || (link.role === 'auxiliary' && link.dimensions.length === 2);
    return isGrid && (axes[i] === 'X' || axes[i] === 'Y') ? [i] : [];
  });
  for (const piece of pieces) {
    const extents = piece.variable.shape.map((extent, d) => (isTime(d) || extent === 1 ? '' : extent));
    const key = `${extents.join()} ${horizontal.map((link) => piece.contents[link]).join()}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [piece]);
    else part.push(piece);
  }
  return [...parts.values()];
}
