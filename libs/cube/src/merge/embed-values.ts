import {
  allocateValues,
  copyRegion,
  elementCount,
  encodeValues,
  gridCell,
  gridShape,
  type MaskedArray,
  type NumericValues,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import type { Layout, Packing } from '@hyperslab/proto/array';
import type { Variable } from '@hyperslab/proto/cube';
import { defaultFillInteger, defaultFillNumber } from '../cf/default-fill.ts';
import type { ManifestBuilder } from '../manifest/manifest-builder.ts';

/** Elements of a chunk of values that lie in the manifest. */
const embeddedChunkElements = 65_536;

/** Puts values that exist nowhere as a whole into the manifest object. */
export function embedValues(variable: Variable, array: MaskedArray, builder: ManifestBuilder): void {
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
