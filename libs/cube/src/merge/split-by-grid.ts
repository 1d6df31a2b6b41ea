import { axisOf } from '../cf/axis.ts';
import type { ContentTable } from './content-table.ts';
import type { Piece, PieceGroup } from './piece.ts';

/** What tells on which grid the pieces of a group lie. */
export interface GridTraits {
  /** Dimensions that are no time, whose extents count. */
  dimensions: number[];
  /** Horizontal coordinates, whose values count. */
  links: number[];
}

/** What tells the grids of a group apart; `first` is one of its pieces. */
export function gridTraits(group: PieceGroup, first: Piece, contents: ContentTable): GridTraits {
  const axes = group.links.map((_, i) => axisOf(contents.get(first.contents[i]).variable.attributes));
  const isTime = (path: string) =>
    group.unlimited.has(path) ||
    group.links.some((link, i) => link.role === 'dimension' && link.path === path && axes[i] === 'T');
  const links = group.links.flatMap((link, i) => {
    const isGrid = link.role === 'dimension' || (link.role === 'auxiliary' && link.dimensions.length === 2);
    return isGrid && (axes[i] === 'X' || axes[i] === 'Y') ? [i] : [];
  });
  return { dimensions: group.dimensions.flatMap((path, d) => (isTime(path) ? [] : [d])), links };
}

/**
 * Parts pieces by the grid they lie on: horizontal coordinates, and extents of dimensions that are no time. Pieces of
 * different grids are different cubes where they can't be joined.
 */
export function splitByGrid(group: PieceGroup, pieces: readonly Piece[], contents: ContentTable): Piece[][] {
  const parts = new Map<string, Piece[]>();
  const { dimensions, links } = gridTraits(group, pieces[0], contents);
  for (const piece of pieces) {
    const { shape } = piece.variable;
    const extents = dimensions.map((d) => (shape[d] === 1 ? '' : shape[d]));
    const key = `${extents.join()} ${links.map((link) => piece.contents[link]).join()}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [piece]);
    else part.push(piece);
  }
  return [...parts.values()];
}
