import { createHash } from 'node:crypto';
import { appendRun, isNumeric, type NumericType, type RunLengths } from '@hyperslab/array';
import { promote } from '@hyperslab/kernels';
import type { Attribute, Packing } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { Arrangement, GridAxis } from './arrangement.ts';
import { CommonAttributes } from './common-attributes.ts';
import type { ContentTable } from './content-table.ts';
import { cellsOver, stridesOf, variesAlong } from './grid-cells.ts';
import type { GroupLink, Piece, PieceGroup } from './piece.ts';

/** A piece of a variable of the dataset, in its cell of the grid. */
export interface MergedPiece {
  file: number;
  variable: IndexedVariable;
  /** Number of its chunk table in the log; absent where the variable itself has it. */
  chunks?: number;
  packing: Packing;
  attributesKey: string;
  /** Content of its values where they were compared; -1 for data. */
  content: number;
  /** Missing data: `variable` only tells how it would have been stored. */
  absent?: Piece['absent'];
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
  contents: ContentTable,
): MergedVariable {
  const ordered = Array.from(arrangement.cells, (piece) => pieces[piece]);
  return mergedVariable(
    group.path,
    arrangement.axes.map(mergedDimension),
    ordered.map(({ own, ...piece }) => ({ ...piece, content: own })),
    contents,
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
  const some = contents.get(pieces.find((piece) => piece.contents[link] >= 0)!.contents[link]);
  const along = own.dimensions.map((path, d): GridAxis => {
    const axis = axes.find((candidate) => candidate.path === path && candidate.dimension >= 0);
    return axis ?? { path, dimension: -1, extents: [some.variable.shape[d]] };
  });
  const spanned = [...extra, ...along];
  const merged = mergedVariable(
    own.path,
    spanned.map(mergedDimension),
    Array.from(cellsOver(spanned, axes, strides), (cell) => {
      const content = contentAt(cell);
      if (content >= 0) return { ...contents.get(content), content };
      return { ...some, content, absent: 'place' };
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
  contents: ContentTable,
): MergedVariable {
  const common = new CommonAttributes();
  for (const { variable, attributesKey } of pieces) common.add(variable.attributes, attributesKey);
  const types = new Set(
    pieces.map(({ packing, content }) => contents.convertedType(content) ?? packing.unpackedDtype),
  );
  return {
    path,
    dimensions,
    pieces,
    dtype: [...types].reduce((a, b) => (isNumeric(a) && isNumeric(b) ? promote(a, b as NumericType) : a)),
    attributes: attributesOf(path, pieces, common, contents),
    dropped: common.dropped,
    key: keyOf(path, dimensions, pieces),
  };
}

/**
 * Attributes that all pieces have. Units and calendars that are written differently mean the same here: those of the first
 * piece hold for all, and those of the first file where values were converted to its reference.
 */
function attributesOf(
  path: string,
  pieces: readonly MergedPiece[],
  { common, dropped }: CommonAttributes,
  contents: ContentTable,
): Attribute[] {
  const converted = pieces.some(({ content }) => content >= 0 && contents.get(content).convert !== undefined);
  const reference = converted ? contents.referenceAttributes(path)! : pieces[0].variable.attributes;
  const taken = ['units', 'calendar'].filter((name) => converted || dropped.includes(name));
  return [
    ...common.filter(({ name }) => !taken.includes(name)),
    ...reference.filter(({ name }) => taken.includes(name)),
  ];
}

function keyOf(path: string, dimensions: MergedDimension[], pieces: MergedPiece[]): string {
  const hash = createHash('sha1');
  hash.update(`${path}\n${JSON.stringify(dimensions)}\n`);
  // Fields of one file differ in nothing but their chunk table.
  for (const { file, chunks, content, absent } of pieces)
    hash.update(absent ? `${absent},` : content >= 0 ? `c${content},` : `f${file} ${chunks ?? ''},`);
  return hash.digest('base64');
}
