import {
  copyRegion,
  type DataType,
  elementCount,
  gridCell,
  gridShape,
  type IndexRange,
  type NumericValues,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import { encodeChunk } from '@hyperslab/codecs';
import type { LocatedChunk, LocatedPiece } from '@hyperslab/cube';
import type { Layout, Packing } from '@hyperslab/proto/array';
import { Packing as PackingMessage } from '@hyperslab/proto/array';
import { Variable } from '@hyperslab/proto/cube';
import { type ByteSource, memorySource } from '@hyperslab/storage';

/** A piece of a test's array: its values in one object, chunked and encoded. */
export interface TestPiece {
  /** Where it begins along the first dimension. */
  start: number;
  shape: number[];
  layout: Layout;
  packing: Packing;
  values: NumericValues;
  /** Missing altogether. */
  missing?: boolean;
  /** Rows of chunks that are not written. */
  unwritten?: ReadonlySet<number>;
}

export const layoutOf = (
  storedDtype: string,
  chunkShape: number[],
  edgeChunksPadded = false,
  further: Layout['codecs'] = [],
): Layout => ({
  storedDtype,
  chunkShape,
  codecs: [{ name: 'bytes', configuration: '{"endian":"big"}' }, ...further],
  edgeChunksPadded,
});

export const packingOf = (packing: Partial<Packing>): Packing => PackingMessage.fromPartial(packing);

/** An array made of pieces along its first dimension, as a manifest and a storage would show it. */
export function storedArray(dtype: DataType, shape: number[], pieces: readonly TestPiece[]) {
  const objects = new Map<string, ByteSource>();
  const reads: string[] = [];
  const located = pieces.map((piece, number) => locate(piece, `memory:${number}`, objects));
  const touched = (ranges: readonly IndexRange[]): LocatedPiece[] =>
    located
      .filter((piece) => touches(piece, ranges))
      .map((piece) => ({ ...piece, chunks: piece.chunks.filter((chunk) => touches(chunk, ranges)) }));
  const manifest = {
    source: memorySource('memory:manifest', new Uint8Array(0)),
    async *locate(_array: number, ranges: readonly IndexRange[]): AsyncIterable<LocatedPiece> {
      yield* touched(ranges);
    },
    locateAtHand(_array: number, ranges: readonly IndexRange[]): LocatedPiece | undefined {
      const [piece, another] = touched(ranges);
      return another === undefined ? piece : undefined;
    },
  };
  const storage = {
    open(url: string): ByteSource {
      const source = objects.get(url)!;
      return {
        ...source,
        read: (ranges, options) => {
          reads.push(...ranges.map(({ offset }) => `${url} ${offset}`));
          return source.read(ranges, options);
        },
      };
    },
  };
  const variable = Variable.fromPartial({
    name: 'v',
    dtype,
    dimensions: shape.map((_, axis) => `d${axis}`),
    shape,
    chunkGrid: shape.map((extent) => regularRuns(extent, extent)),
    storedDtype: pieces[0]?.layout.storedDtype ?? dtype,
    packing: pieces[0]?.packing,
    data: { $case: 'manifestArray', value: 0 },
  });
  return { manifest, storage, variable, objects, reads };
}

function touches(box: { origin: number[]; shape: number[] }, ranges: readonly IndexRange[]): boolean {
  return ranges.every(({ start, count, step }, axis) =>
    Array.from({ length: count }, (_, i) => start + i * step).some(
      (index) => index >= box.origin[axis] && index < box.origin[axis] + box.shape[axis],
    ),
  );
}

function locate(piece: TestPiece, url: string, objects: Map<string, ByteSource>): LocatedPiece {
  const { start, shape, layout, packing } = piece;
  const origin = [start, ...shape.slice(1).map(() => 0)];
  if (piece.missing) return { origin, shape, layout, packing, chunks: [] };
  const grid = shape.map((extent, axis) => regularRuns(extent, layout.chunkShape[axis]));
  const cells = gridShape(grid);
  const parts: Uint8Array[] = [new Uint8Array(17)];
  const chunks: LocatedChunk[] = [];
  let offset = 17;
  for (let row = 0; row < elementCount(cells); row++) {
    const cell = gridCell(grid, unravel(row, cells));
    const bytes = piece.unwritten?.has(row) ? new Uint8Array(0) : encodeCell(piece, cell);
    chunks.push({
      origin: cell.origin.map((index, axis) => index + origin[axis]),
      shape: cell.shape,
      offset: bytes.length === 0 ? 0 : offset,
      length: bytes.length,
      skippedCodecs: 0,
    });
    parts.push(bytes);
    offset += bytes.length;
  }
  const bytes = Buffer.concat(parts);
  objects.set(url, memorySource(url, bytes));
  const version = { size: bytes.length, etag: '', modifiedUs: 0 };
  return { origin, shape, layout, packing, object: { url, version }, chunks };
}

function encodeCell(
  { shape, layout, values }: TestPiece,
  cell: { origin: number[]; shape: number[] },
): Uint8Array {
  const stored = layout.edgeChunksPadded ? layout.chunkShape : cell.shape;
  const chunk = new (values.constructor as new (count: number) => NumericValues)(elementCount(stored));
  const from = { arrayShape: shape, origin: cell.origin };
  copyRegion(values, from, chunk, { arrayShape: stored, origin: stored.map(() => 0) }, cell.shape);
  return encodeChunk(chunk, layout);
}
