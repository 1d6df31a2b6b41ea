import type { Arrangement, GridAxis } from './arrangement.ts';
import type { MergedCube } from './merge-groups.ts';
import type { MergedLink } from './merged-variable.ts';
import type { Piece } from './piece.ts';

/** A cube with the pieces that it was made of. */
export interface PlacedCube {
  cube: MergedCube;
  pieces: readonly Piece[];
  arrangement: Arrangement;
}

/** Where files lie, as their variables tell: what tells nothing itself lies where its file does. */
export interface FileGrid {
  /** Those along which there is more than one file. */
  axes: GridAxis[];
  /** Cell of each file, row-major over the axes. Files of several parameters share cells. */
  cellOf: Map<number, number>;
  /** Coordinates along these axes alone. */
  links: MergedLink[];
}

/** In place of a file: none lies in the cell. */
const nowhere = -1;

/** The grids on which files lie, those of the most cells first. Cubes on equal axes give one grid. */
export function fileGrids(placed: readonly PlacedCube[]): FileGrid[] {
  const grids = new Map<string, FileGrid>();
  for (const { cube, pieces, arrangement } of placed) {
    const axes = arrangement.axes.filter(({ extents }) => extents.length > 1);
    if (axes.length === 0) continue;
    const files = Array.from(arrangement.cells, (piece) =>
      pieces[piece].absent === 'place' ? nowhere : pieces[piece].file,
    );
    const there = files.filter((file) => file !== nowhere);
    // Where a file has many fields, it lies in no one place.
    if (new Set(there).size < there.length) continue;
    const key = axes.map((axis) => axisKey(axis, cube.links, files)).join('\n');
    let grid = grids.get(key);
    if (grid === undefined) {
      grid = { axes, cellOf: new Map(), links: linksAlong(axes, cube.links) };
      grids.set(key, grid);
    }
    for (const [cell, file] of files.entries()) if (file !== nowhere) grid.cellOf.set(file, cell);
  }
  const cells = ({ axes }: FileGrid) => axes.reduce((product, { extents }) => product * extents.length, 1);
  return [...grids.values()].sort((a, b) => cells(b) - cells(a));
}

/** Equal for axes of equal coordinates; without a coordinate, for axes of the same files. */
function axisKey(
  { path, extents }: GridAxis,
  links: readonly MergedLink[],
  files: readonly number[],
): string {
  const coordinate = links.find((link) => (link.role === 'dimension' || link.leads) && link.path === path);
  return coordinate === undefined ? `${path} ${extents.join()} ${files.join()}` : coordinate.merged.key;
}

function linksAlong(axes: readonly GridAxis[], links: readonly MergedLink[]): MergedLink[] {
  const paths = new Set(axes.map(({ path }) => path));
  const along = links.filter(
    ({ role, merged: { dimensions } }) =>
      (role === 'dimension' || role === 'auxiliary') &&
      dimensions.length > 0 &&
      dimensions.every(({ path }) => paths.has(path)),
  );
  const parents = new Set(along.map(({ path }) => path));
  return links.filter(
    (link) => along.includes(link) || (link.role === 'bounds' && parents.has(link.parent!)),
  );
}
