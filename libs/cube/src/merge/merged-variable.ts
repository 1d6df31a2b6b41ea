import { createHash } from 'node:crypto';
import { appendRun, isNumeric, type NumericType, type RunLengths } from '@hyperslab/array';
import { promote } from '@hyperslab/kernels';
import type { Attribute, Packing } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { Arrangement, GridAxis } from './arrangement.ts';
import { CommonAttributes } from './common-attributes.ts';
import type { ContentTable } from './content-table.ts';
import type { GroupLink, Piece, PieceGroup } from './piece.ts';

/** A piece of a variable of the dataset, in its cell of the grid. */
export interface MergedPiece {
  file: number;
  variable: IndexedVariable;
  packing: Packing;
  attributesKey: string;
  /** Content of its values where they were compared; -1 for data. */
  content: number;
  /** Missing data: `variable` only tells how it would have been stored. */
  absent?: boolean;
}

/** A dimension before it has its name in the dataset. */
interface MergedDimension {
  path: string;
  /** Extents of the pieces along it. */
  runs: RunLengths;
  size: number;
}

/** A variable of the dataset, made of pieces of files. */
export interface MergedVariable {
  path: string;
  dimensions: MergedDimension[];
  /** Row-major over the grid of pieces. */
  pieces: MergedPiece[];
  /** Data type of the values: the one that those of all pieces fit in. */
  dtype: string;
  attributes: Attribute[];
  /** Names of attributes that pieces do not agree on. */
  dropped: string[];
  /** Equal for variables with equal values on equal grids. */
  key: string;
}

/** A coordinate, its bounds or a grid mapping of a merged field. */
export interface MergedLink extends GroupLink {
  merged: MergedVariable;
  /** It became a dimension of the field. */
  leads: boolean;
}

/** The field itself. */
export function mergedField(
  group: PieceGroup,
  pieces: readonly Piece[],
  arrangement: Arrangement,
): MergedVariable {
  const ordered = Array.from(arrangement.cells, (piece) => pieces[piece]);
  return mergedVariable(
    group.path,
    arrangement.axes.map(mergedDimension),
    ordered.map(({ own, ...piece }) => ({ ...piece, content: own })),
  );
}

/**
 * What is linked to a field, merged like it: along the dimensions that it has, and along those of the whole along which
 * it differs. A scalar coordinate that became a dimension is one-dimensional; a forecast period of runs by times, two.
 */
export function mergedLink(
  link: number,
  group: PieceGroup,
  pieces: readonly Piece[],
  arrangement: Arrangement,
  contents: ContentTable,
): MergedLink {
  const { axes, cells } = arrangement;
  const own = group.links[link];
  const strides = stridesOf(axes);
  const contentAt = (cell: number) => pieces[cells[cell]].contents[link];
  const extra = axes.filter(
    (axis, a) =>
      !own.dimensions.includes(axis.path) &&
      variesAlong(strides[a], axis.extents.length, cells.length, contentAt),
  );
  const first = contents.get(contentAt(0));
  const along = own.dimensions.map((path, d): GridAxis => {
    const axis = axes.find((candidate) => candidate.path === path && candidate.dimension >= 0);
    return axis ?? { path, dimension: -1, extents: [first.variable.shape[d]] };
  });
  const spanned = [...extra, ...along];
  const merged = mergedVariable(
    own.path,
    spanned.map(mergedDimension),
    Array.from(cellsOver(spanned, axes, strides), (cell) => {
      const content = contentAt(cell);
      return { ...contents.get(content), content };
    }),
    contents,
  );
  const leads = extra.length === 1 && extra[0].path === own.path;
  return { ...own, merged, leads };
}

function mergedDimension({ path, extents }: GridAxis): MergedDimension {
  const runs: RunLengths = { sizes: [], counts: [] };
  let size = 0;
  for (const extent of extents) {
    appendRun(runs, extent, 1);
    size += extent;
  }
  return { path, runs, size };
}

function mergedVariable(
  path: string,
  dimensions: MergedDimension[],
  pieces: MergedPiece[],
  contents?: ContentTable,
): MergedVariable {
  const common = new CommonAttributes();
  for (const { variable, attributesKey } of pieces) common.add(variable.attributes, attributesKey);
  const types = new Set(
    pieces.map(({ packing, content }) => contents?.convertedType(content) ?? packing.unpackedDtype),
  );
  return {
    path,
    dimensions,
    pieces,
    dtype: [...types].reduce((a, b) => (isNumeric(a) && isNumeric(b) ? promote(a, b as NumericType) : a)),
    attributes: withReferenceUnits(
      common,
      contents?.referenceAttributes(path) ?? pieces[0].variable.attributes,
    ),
    dropped: common.dropped,
    key: keyOf(path, dimensions, pieces),
  };
}

/**
 * Units and calendars that are written differently mean the same here, or values were converted: those of the first
 * file hold for all.
 */
function withReferenceUnits(common: CommonAttributes, reference: readonly Attribute[]): Attribute[] {
  const kept = ['units', 'calendar'].filter((name) => common.dropped.includes(name));
  return [...common.common, ...reference.filter(({ name }) => kept.includes(name))];
}

function keyOf(path: string, dimensions: MergedDimension[], pieces: MergedPiece[]): string {
  const hash = createHash('sha1');
  hash.update(`${path}\n${JSON.stringify(dimensions)}\n`);
  for (const { file, content } of pieces) hash.update(content >= 0 ? `c${content},` : `f${file},`);
  return hash.digest('base64');
}

function stridesOf(axes: readonly GridAxis[]): number[] {
  const strides = new Array<number>(axes.length);
  let stride = 1;
  for (let a = axes.length - 1; a >= 0; a--) {
    strides[a] = stride;
    stride *= axes[a].extents.length;
  }
  return strides;
}

/** Whether what lies in the cells changes along an axis of a grid. */
function variesAlong(
  stride: number,
  extent: number,
  cells: number,
  contentAt: (cell: number) => number,
): boolean {
  if (extent === 1) return false;
  for (let cell = 0; cell < cells; cell++) {
    const index = Math.floor(cell / stride) % extent;
    if (index > 0 && contentAt(cell) !== contentAt(cell - index * stride)) return true;
  }
  return false;
}

/** Cells of a grid over some of its axes, row-major in the order given, at the start of the others. */
function cellsOver(
  spanned: readonly GridAxis[],
  axes: readonly GridAxis[],
  strides: readonly number[],
): number[] {
  let cells = [0];
  for (const axis of spanned) {
    const stride = strides[axes.indexOf(axis)];
    if (stride === undefined || axis.extents.length === 1) continue;
    cells = cells.flatMap((cell) => axis.extents.map((_, i) => cell + i * stride));
  }
  return cells;
}
