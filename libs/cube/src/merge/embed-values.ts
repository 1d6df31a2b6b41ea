import {
  allocateValues,
  copyRegion,
  type DataType,
  defaultFill,
  elementCount,
  encodeValues,
  gridCell,
  gridShape,
  isFloat,
  itemSize,
  type MaskedArray,
  type NumericType,
  type NumericValues,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import { convert } from '@hyperslab/kernels';
import type { Layout, Packing } from '@hyperslab/proto/array';
import type { Variable } from '@hyperslab/proto/cube';
import type { ManifestBuilder } from '../manifest/manifest-builder.ts';

/** Elements of a chunk of values that lie in the manifest. */
const embeddedChunkElements = 65_536;

/** Puts values that exist nowhere as a whole into the manifest object. */
export function embedValues(variable: Variable, array: MaskedArray, builder: ManifestBuilder): void {
  const { shape } = array;
  const chunkShape = shape.map((extent, axis) => {
    const inner = elementCount(shape.slice(axis + 1));
    return Math.max(1, Math.min(extent, Math.floor(embeddedChunkElements / inner) || 1));
  });
  const grid = shape.map((extent, axis) => regularRuns(extent, chunkShape[axis]));
  const cells = gridShape(grid);
  const chunks = elementCount(cells);
  const { packing, ...stored } =
    variable.packing === undefined ? withMissingMarked(array) : { ...array, packing: variable.packing };
  const offsets: number[] = [];
  const lengths: number[] = [];
  let object: number | undefined;
  for (let row = 0; row < chunks; row++) {
    const { origin, shape: box } = gridCell(grid, unravel(row, cells));
    const values = allocateValues(stored.dtype, elementCount(box));
    copyRegion(
      stored.values as NumericValues,
      { arrayShape: shape, origin },
      values,
      { arrayShape: box, origin: origin.map(() => 0) },
      box,
    );
    const bytes = encodeValues({ dtype: stored.dtype, shape: box, values });
    const kept = builder.embed(bytes);
    object = kept.object;
    offsets.push(kept.offset);
    lengths.push(bytes.length);
  }
  const layout = embeddedLayout(stored.dtype, chunkShape);
  const piece = { object, layout, packing, offsets, lengths, skippedCodecs: [], name: variable.name };
  const number = builder.addArray({
    shape,
    pieceGrid: shape.map((extent) => regularRuns(extent, extent)),
    pieces: [piece],
  });
  variable.chunkGrid = grid;
  variable.data = { $case: 'manifestArray', value: number };
}

/** How values lie in the manifest object. */
export function embeddedLayout(storedDtype: string, chunkShape: number[]): Layout {
  const codecs = [{ name: 'bytes', configuration: '{"endian":"little"}' }];
  return { storedDtype, chunkShape, codecs, edgeChunksPadded: false };
}

/**
 * Values to be stored, with one number wherever they are missing, since pieces that were packed differently share none:
 * the values given are overwritten there. The number is none of the others, for which a wider type is taken at need.
 */
export function withMissingMarked({ values, mask, dtype, shape }: MaskedArray): MaskedArray & {
  packing: Packing;
} {
  const packing: Packing = {
    missingValues: [],
    missingIntegers: [],
    unpackedDtype: dtype,
    readUnsigned: false,
  };
  if (mask === undefined || Array.isArray(values)) return { dtype, shape, values, packing };
  let stored = values;
  let storedDtype = dtype;
  let fill = unusedNumber(values, mask, dtype);
  if (fill === undefined) {
    storedDtype = widerType[itemSize(dtype)];
    stored = convert(values, dtype, storedDtype);
    fill = unusedNumber(stored, mask, storedDtype)!;
  }
  if (typeof fill === 'bigint') packing.missingIntegers.push(String(fill));
  else packing.missingValues.push(fill);
  for (let i = 0; i < stored.length; i++) if (mask[i] === 1) stored[i] = fill;
  return { dtype: storedDtype, shape, values: stored, packing };
}

/** Types for values that take every number of one or two bytes. More bytes have more numbers than an array has values. */
const widerType: Record<number, NumericType> = { 1: 'int16', 2: 'int32' };

/** A number that no value is that is not missing: netCDF's default fill value, or the nearest free one. */
function unusedNumber(values: NumericValues, mask: Uint8Array, dtype: DataType): number | bigint | undefined {
  if (isFloat(dtype)) return Number.NaN;
  const start = defaultFill[dtype as NumericType];
  const distance =
    typeof start === 'bigint'
      ? (value: number | bigint) => Number((value as bigint) - start)
      : (value: number | bigint) => (value as number) - start;
  // The default fill value lies at one end of what the type holds.
  const sign = dtype.startsWith('uint') ? -1 : 1;
  const used = new Uint8Array(Math.min(values.length + 1, 2 ** (8 * itemSize(dtype)) - 1));
  // Places outside of the array are left alone.
  for (let i = 0; i < values.length; i++) if (mask[i] !== 1) used[sign * distance(values[i])] = 1;
  const free = used.indexOf(0);
  if (free < 0) return undefined;
  return typeof start === 'bigint' ? start + BigInt(sign * free) : start + sign * free;
}
