import {
  allocateValues,
  copyRegion,
  elementCount,
  gridCell,
  gridShape,
  isFixedWidth,
  isNumeric,
  itemSize,
  type MaskedArray,
  type NumericType,
  type NumericValues,
  unravel,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { convert } from '@hyperslab/kernels';
import { publicName } from '../cf/names.ts';
import type { ContentTable } from './content-table.ts';
import type { MergedPiece, MergedVariable } from './merged-variable.ts';

/** What differs between files is repeated over the steps of each: a file that claims a billion of them is refused. */
const largestBytes = 1024 * 1024 * 1024;

/** Bytes of a variable whose values are all in the index; undefined when they are not. */
export function inlineSize(
  { pieces, dimensions, dtype }: MergedVariable,
  contents: ContentTable,
): number | undefined {
  const all = pieces.every(
    ({ content, variable, absent }) => (absent || content >= 0) && variable.inlineValues !== undefined,
  );
  if (!all) return undefined;
  const count = elementCount(dimensions.map(({ size }) => size));
  if (isFixedWidth(dtype)) return count * itemSize(dtype);
  let bytes = 0;
  let elements = 0;
  for (const { content } of pieces.filter((piece) => piece.content >= 0)) {
    const { inlineValues, shape } = contents.get(content).variable;
    bytes += inlineValues?.data.length ?? 0;
    elements += elementCount(shape);
  }
  // Texts of one file are repeated over its steps.
  return elements === 0 ? 0 : Math.ceil((bytes / elements) * count);
}

/**
 * Values of all pieces in one array; a piece of fewer dimensions than the whole is repeated over its cell. Where values
 * are missing, the stored number is kept under the mask. Throws TOO_LARGE for more than a gibibyte.
 */
export function assembleValues(
  { path, pieces, dimensions, dtype }: MergedVariable,
  contents: ContentTable,
): MaskedArray {
  const shape = dimensions.map(({ size }) => size);
  const grid = dimensions.map(({ runs }) => runs);
  const cells = gridShape(grid);
  const count = elementCount(shape);
  if (count * (isFixedWidth(dtype) ? itemSize(dtype) : 1) > largestBytes) {
    throw new HyperslabError(
      'TOO_LARGE',
      `"${publicName(path)}": it differs between files, and would be repeated ${count} times along ${dimensions.map((dimension) => publicName(dimension.path)).join(', ')}; expected up to ${largestBytes} bytes; publish the files under several names`,
      { variable: publicName(path) },
    );
  }
  const values: NumericValues | string[] =
    dtype === 'string' ? new Array<string>(count).fill('') : allocateValues(dtype, count);
  let mask: Uint8Array | undefined;
  for (const [row, piece] of pieces.entries()) {
    const { origin, shape: box } = gridCell(grid, unravel(row, cells));
    const place = (source: Parameters<typeof copyRegion>[0], target: Parameters<typeof copyRegion>[2]) =>
      copyRegion(
        repeated(source, elementCount(box)),
        { arrayShape: box, origin: origin.map(() => 0) },
        target,
        { arrayShape: shape, origin },
        box,
      );
    const source = pieceValues(piece, dtype, contents);
    if (source.values !== undefined) place(source.values, values);
    if (source.mask === undefined) continue;
    mask ??= new Uint8Array(count);
    place(source.mask, mask);
  }
  return { dtype: dtype as MaskedArray['dtype'], shape, values, mask };
}

/** Values of a piece in the type of the whole; only a mask where the file has no such variable. */
function pieceValues(
  { content, absent }: MergedPiece,
  dtype: string,
  contents: ContentTable,
): { values?: NumericValues | string[]; mask?: Uint8Array } {
  if (absent) return { mask: Uint8Array.of(1) };
  const { values, mask, dtype: own } = contents.values(content)!;
  if (!isNumeric(dtype) || Array.isArray(values)) return { values, mask };
  return { values: convert(values, own as NumericType, dtype), mask };
}

/** The same values again and again, `count` in all. */
function repeated(values: Parameters<typeof copyRegion>[0], count: number): Parameters<typeof copyRegion>[0] {
  const { length } = values;
  if (length === count || length === 0) return values;
  if (Array.isArray(values)) return Array.from({ length: count }, (_, i) => values[i % length]);
  const source = values as NumericValues;
  const all = new (source.constructor as new (length: number) => Uint8Array)(count);
  for (let at = 0; at < count; at += length) all.set(source as Uint8Array, at);
  return all;
}
