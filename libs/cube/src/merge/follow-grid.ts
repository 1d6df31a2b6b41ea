import { publicName } from '../cf/names.ts';
import type { Arrangement, GridAxis } from './arrangement.ts';
import type { FileGrid } from './file-grid.ts';
import { cellsOver, stridesOf, variesAlong } from './grid-cells.ts';
import type { MergedLink } from './merged-variable.ts';
import type { Notes } from './notes.ts';
import type { Piece, PieceGroup } from './piece.ts';

/** Where pieces lie that nothing of their own tells apart. */
export interface Following {
  pieces: Piece[];
  arrangement: Arrangement;
  /** Coordinates along the dimensions that it got. */
  links: MergedLink[];
}

/** In a cell: no file there has the variable. */
const none = -1;

/**
 * Lays out pieces like the files they are in: a number, text or field that differs between files gets the dimensions in
 * front along which it differs, each file's value repeated over the file's extent, as xarray's concat has it. Undefined
 * when its files lie on no grid, or when two pieces in one place of the grid differ.
 */
export function followGrid(
  group: PieceGroup,
  pieces: readonly Piece[],
  grids: readonly FileGrid[],
  notes: Notes,
): Following | undefined {
  for (const grid of grids) {
    const cells = cellsOnGrid(pieces, grid);
    const axes = cells === undefined ? undefined : followedAxes(group, pieces, cells, grid);
    if (cells !== undefined && axes !== undefined) return following(group, pieces, cells, axes, grid, notes);
  }
  return undefined;
}

/** The piece in each cell of a grid; undefined when a file lies elsewhere, or two that differ in one cell. */
function cellsOnGrid(pieces: readonly Piece[], { axes, cellOf }: FileGrid): number[] | undefined {
  const cells = new Array<number>(axes.reduce((product, { extents }) => product * extents.length, 1)).fill(
    none,
  );
  for (const [number, piece] of pieces.entries()) {
    const cell = cellOf.get(piece.file);
    if (cell === undefined) return undefined;
    if (cells[cell] !== none && !areEqual(pieces[cells[cell]], piece)) return undefined;
    cells[cell] = number;
  }
  return cells;
}

function areEqual(a: Piece, b: Piece): boolean {
  return a.own >= 0 && a.own === b.own && a.contents.join() === b.contents.join();
}

/** New axes, and those of the pieces; undefined when pieces differ along none, or do not fit the grid. */
function followedAxes(
  group: PieceGroup,
  pieces: readonly Piece[],
  cells: readonly number[],
  { axes }: FileGrid,
): GridAxis[] | undefined {
  const strides = stridesOf(axes);
  const contentAt = (cell: number) =>
    cells[cell] === none ? none : pieces[cells[cell]].own >= 0 ? pieces[cells[cell]].own : -2 - cells[cell];
  const isOwn = ({ path }: GridAxis) => group.dimensions.includes(path);
  const extra = axes
    .filter(
      (axis, a) => !isOwn(axis) && variesAlong(strides[a], axis.extents.length, cells.length, contentAt),
    )
    .map((axis) => ({ ...axis, dimension: -1 }));
  if (extra.length === 0 || axes.some((axis) => isOwn(axis) && axis.dimension < 0)) return undefined;
  const own = group.dimensions.map((path, dimension): GridAxis => {
    const extents = axes.find((axis) => axis.path === path)?.extents;
    return { path, dimension, extents: extents ?? [pieces[0].variable.shape[dimension]] };
  });
  const fits = cells.every(
    (number, cell) =>
      number === none ||
      own.every(({ path, extents, dimension }) => {
        const a = axes.findIndex((axis) => axis.path === path);
        const position = a < 0 ? 0 : Math.floor(cell / strides[a]) % extents.length;
        return pieces[number].variable.shape[dimension] === extents[position];
      }),
  );
  return fits ? [...extra, ...own] : undefined;
}

function following(
  group: PieceGroup,
  pieces: readonly Piece[],
  cells: readonly number[],
  axes: GridAxis[],
  grid: FileGrid,
  notes: Notes,
): Following {
  const all = [...pieces];
  const whole = grid.axes.map((axis) => axes.find(({ path }) => path === axis.path) ?? axis);
  const strides = stridesOf(grid.axes);
  const spanned = axes.map((axis) => whole.find((candidate) => candidate === axis) ?? axis);
  const own = cellsOver(spanned, whole, strides);
  const sizes = axes.map(({ extents }) => extents.length);
  const placed = own.map((cell, row) => {
    if (cells[cell] !== none) return cells[cell];
    const shape = axes.flatMap(({ dimension, extents }, a) => {
      const position = Math.floor(row / sizes.slice(a + 1).reduce((x, y) => x * y, 1)) % sizes[a];
      return dimension < 0 ? [] : [extents[position]];
    });
    return all.push({ ...pieces[0], variable: { ...pieces[0].variable, shape }, absent: 'place' }) - 1;
  });
  const name = publicName(group.path);
  const extra = axes.filter(({ dimension }) => dimension < 0);
  const paths = new Set(extra.map(({ path }) => path));
  notes.add(
    name,
    `laid along ${extra.map(({ path }) => publicName(path)).join(', ')}, since values differ between files`,
  );
  const absent = all.length - pieces.length;
  if (absent > 0)
    notes.add(
      name,
      `missing data in ${absent} of ${placed.length} places, whose files have no such variable`,
    );
  const known = new Set(group.links.map(({ path }) => path));
  const links = grid.links.filter(
    ({ path, merged, role }) =>
      !known.has(path) &&
      (role === 'bounds' || merged.dimensions.every((dimension) => paths.has(dimension.path))),
  );
  const parents = new Set(links.map(({ path }) => path));
  return {
    pieces: all,
    arrangement: { axes, cells: Int32Array.from(placed) },
    links: links.filter(({ role, parent }) => role !== 'bounds' || parents.has(parent!)),
  };
}
