import {
  allocateValues,
  copyRegion,
  elementCount,
  encodeValues,
  gridCell,
  gridShape,
  isFixedWidth,
  isNumeric,
  itemSize,
  type MaskedArray,
  type NumericType,
  type NumericValues,
  type RunLengths,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import { convert } from '@hyperslab/kernels';
import type { Layout, Packing } from '@hyperslab/proto/array';
import type { Variable } from '@hyperslab/proto/cube';
import { arrayBlock } from '../array-block.ts';
import { defaultFillInteger, defaultFillNumber } from '../cf/default-fill.ts';
import { packingAttributes } from '../cf/packing.ts';
import type { ManifestBuilder } from '../manifest/manifest-builder.ts';
import type { SourceFile } from './collect-pieces.ts';
import type { ContentTable } from './content-table.ts';
import type { MergedPiece, MergedVariable } from './merged-variable.ts';
import { unionGrid } from './union-grid.ts';

/** Elements of a chunk of values that lie in the manifest. */
const embeddedChunkElements = 65_536;

export interface WriteContext {
  contents: ContentTable;
  files: readonly SourceFile[];
  builder: ManifestBuilder;
  /** Number of a file among the manifest's objects. */
  objectOf(file: number): number;
}

/** Bytes of a variable whose values are all in the index; undefined when they are not. */
export function inlineSize(
  { pieces, dimensions, dtype }: MergedVariable,
  contents: ContentTable,
): number | undefined {
  const all = pieces.every(
    ({ content, variable, absent }) => content >= 0 && !absent && variable.inlineValues !== undefined,
  );
  if (!all) return undefined;
  if (!isFixedWidth(dtype)) {
    return pieces.reduce(
      (sum, { content }) => sum + (contents.get(content).variable.inlineValues?.data.length ?? 0),
      0,
    );
  }
  return elementCount(dimensions.map(({ size }) => size)) * itemSize(dtype);
}

/** A merged variable as the dataset has it: its values inline, or in the manifest. */
export function writeVariable(
  merged: MergedVariable,
  names: { name: string; dimensions: string[] },
  inline: boolean,
  context: WriteContext,
): Variable {
  const shape = merged.dimensions.map(({ size }) => size);
  const notComputable = merged.pieces.find(({ variable }) => variable.notComputable !== '')?.variable
    .notComputable;
  const variable: Variable = {
    ...names,
    dtype: merged.dtype,
    shape,
    attributes: merged.attributes,
    chunkGrid: [],
    storedDtype: '',
    notComputable: notComputable ?? '',
  };
  if (notComputable !== undefined) return variable;
  const known = inlineSize(merged, context.contents) !== undefined;
  setStorage(variable, merged, context.contents, known);
  if (known) {
    const values = assembled(merged, shape, context.contents);
    if (inline || merged.dtype === 'string') {
      variable.chunkGrid = shape.map((extent) => regularRuns(extent, Math.max(1, extent)));
      variable.data = { $case: 'inlineValues', value: arrayBlock(values) };
    } else embed(variable, values, context.builder);
  } else locate(variable, merged, context);
  return variable;
}

/** Says how values are stored where all pieces are of one type, packed alike, and not unpacked here (`known`). */
function setStorage(
  variable: Variable,
  merged: MergedVariable,
  contents: ContentTable,
  known: boolean,
): void {
  const { pieces, dtype } = merged;
  const stored = pieces[0].variable.dtype;
  const packing = packingInto(pieces[0].packing, dtype);
  const key = JSON.stringify(packing);
  const alike = pieces.every(
    (piece) =>
      piece.variable.dtype === stored &&
      (piece.packing === pieces[0].packing || JSON.stringify(packingInto(piece.packing, dtype)) === key) &&
      contents.convertedType(piece.content) === undefined,
  );
  const scaled = packing.scaleFactor !== undefined || packing.addOffset !== undefined;
  if (alike && !(known && (scaled || dtype !== stored))) {
    variable.storedDtype = stored;
    variable.packing = packing;
  } else variable.attributes = variable.attributes.filter(({ name }) => !packingAttributes.has(name));
}

/** A packing whose values come out in the type that all pieces share. */
function packingInto(packing: Packing, dtype: string): Packing {
  return packing.unpackedDtype === dtype ? packing : { ...packing, unpackedDtype: dtype };
}

/** Values of all pieces in one array. Where they are missing, the stored number is kept under the mask. */
function assembled(
  { pieces, dimensions, dtype }: MergedVariable,
  shape: number[],
  contents: ContentTable,
): MaskedArray {
  const grid = dimensions.map(({ runs }) => runs);
  const cells = gridShape(grid);
  const count = elementCount(shape);
  const values: NumericValues | string[] =
    dtype === 'string' ? new Array<string>(count).fill('') : allocateValues(dtype, count);
  let mask: Uint8Array | undefined;
  for (const [row, piece] of pieces.entries()) {
    const { origin, shape: box } = gridCell(grid, unravel(row, cells));
    const source = contents.values(piece.content)!;
    const first = origin.map(() => 0);
    const typed =
      isNumeric(dtype) && !Array.isArray(source.values)
        ? convert(source.values, source.dtype as NumericType, dtype)
        : source.values;
    copyRegion(typed, { arrayShape: box, origin: first }, values, { arrayShape: shape, origin }, box);
    if (source.mask === undefined) continue;
    mask ??= new Uint8Array(count);
    copyRegion(source.mask, { arrayShape: box, origin: first }, mask, { arrayShape: shape, origin }, box);
  }
  return { dtype: dtype as MaskedArray['dtype'], shape, values, mask };
}

/** Puts values that exist nowhere as a whole into the manifest object. */
function embed(variable: Variable, array: MaskedArray, builder: ManifestBuilder): void {
  const { shape, dtype } = array;
  const chunkShape = shape.map((extent, axis) => {
    const inner = elementCount(shape.slice(axis + 1));
    return Math.max(1, Math.min(extent, Math.floor(embeddedChunkElements / inner) || 1));
  });
  const grid = shape.map((extent, axis) => regularRuns(extent, chunkShape[axis]));
  const cells = gridShape(grid);
  const chunks = elementCount(cells);
  const packing = variable.packing ?? markMissing(array);
  const offsets: number[] = [];
  const lengths: number[] = [];
  let object: number | undefined;
  for (let row = 0; row < chunks; row++) {
    const { origin, shape: box } = gridCell(grid, unravel(row, cells));
    const values = allocateValues(dtype, elementCount(box));
    copyRegion(
      array.values as NumericValues,
      { arrayShape: shape, origin },
      values,
      { arrayShape: box, origin: origin.map(() => 0) },
      box,
    );
    const bytes = encodeValues({ dtype, shape: box, values });
    const kept = builder.embed(bytes);
    object = kept.object;
    offsets.push(kept.offset);
    lengths.push(bytes.length);
  }
  const layout: Layout = {
    storedDtype: dtype,
    chunkShape,
    codecs: [{ name: 'bytes', configuration: '{"endian":"little"}' }],
    edgeChunksPadded: false,
  };
  const piece = { object, layout, packing, offsets, lengths, skippedCodecs: [], name: variable.name };
  const number = builder.addArray({
    shape,
    pieceGrid: shape.map((extent) => regularRuns(extent, extent)),
    pieces: [piece],
  });
  variable.chunkGrid = grid;
  variable.data = { $case: 'manifestArray', value: number };
}

/** Writes one number wherever values are missing, since pieces that were packed differently share none. */
function markMissing({ values, mask, dtype }: MaskedArray): Packing {
  const integer = defaultFillInteger(dtype);
  const fill = dtype.startsWith('float') ? Number.NaN : defaultFillNumber(dtype);
  const packing: Packing = {
    missingValues: [],
    missingIntegers: [],
    unpackedDtype: dtype,
    readUnsigned: false,
  };
  if (mask === undefined) return packing;
  if (integer !== undefined) packing.missingIntegers.push(integer);
  else if (fill !== undefined) packing.missingValues.push(fill);
  for (let i = 0; i < values.length; i++) {
    if (mask[i] === 1) values[i] = integer === undefined ? fill! : BigInt(integer);
  }
  return packing;
}

/** Refers to the chunks of the files. */
function locate(
  variable: Variable,
  merged: MergedVariable,
  { builder, files, objectOf }: WriteContext,
): void {
  const rank = merged.dimensions.length;
  const grid: RunLengths[] = merged.dimensions.map(({ runs }) => runs);
  const pieces = merged.pieces.map(({ file, variable: stored, packing, absent }) => {
    const { url } = files[file];
    const name = `${url} variable "${stored.name}"`;
    const layout = layoutOfRank(stored.layout, rank, stored);
    const { offsets = [], lengths = [], skippedCodecs = [] } = (absent ? undefined : stored.chunks) ?? {};
    return {
      object: absent ? undefined : objectOf(file),
      layout,
      packing: packingInto(packing, merged.dtype),
      offsets,
      lengths,
      skippedCodecs,
      name,
    };
  });
  const number = builder.addArray({ shape: variable.shape, pieceGrid: grid, pieces });
  variable.chunkGrid = unionGrid(
    grid,
    pieces.map((piece) => piece.layout.chunkShape),
  );
  variable.data = { $case: 'manifestArray', value: number };
}

/** A layout with the dimensions that a merge put in front. */
function layoutOfRank(layout: Layout | undefined, rank: number, stored: MergedPiece['variable']): Layout {
  if (layout === undefined)
    return {
      storedDtype: stored.dtype,
      chunkShape: new Array<number>(rank).fill(1),
      codecs: [],
      edgeChunksPadded: false,
    };
  const missing = rank - layout.chunkShape.length;
  return missing === 0
    ? layout
    : { ...layout, chunkShape: [...new Array<number>(missing).fill(1), ...layout.chunkShape] };
}
