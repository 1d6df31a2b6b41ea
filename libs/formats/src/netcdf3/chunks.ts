import type { Layout } from '@hyperslab/proto/array';
import type { ChunkTable } from '@hyperslab/proto/index';
import type { DataExtent } from './record-layout.ts';

/** Contiguous values are cut into chunks of at most so many bytes: what is decoded and computed while it is in cache. */
const largestChunkBytes = 4 * 1024 * 1024;

/** Records of at least so many bytes are chunks of their own: fetching what lies between would cost more than a request. */
const ownChunkBytes = 64 * 1024;

/** Smaller records are fetched together with what lies between them, so many bytes at once. */
const spanBytes = 1024 * 1024;

/** How the values of a variable are cut into chunks, and where these lie. The format itself knows no chunks. */
export function cutIntoChunks(extent: DataExtent): { layout: Layout; chunks: ChunkTable } {
  const { isRecord, bytes, stride, shape } = extent;
  if (!isRecord || stride === bytes) return contiguousChunks(extent, shape);
  const span = Math.floor((spanBytes - bytes) / stride) + 1;
  const records = bytes >= ownChunkBytes ? 1 : Math.max(1, Math.min(span, shape[0]));
  return records === 1 ? separateRecords(extent) : groupedRecords(extent, records);
}

function contiguousChunks(
  extent: DataExtent,
  shape: readonly number[],
): { layout: Layout; chunks: ChunkTable } {
  const cut = cutRun(shape, extent.variable.type.width);
  const chunks = emptyTable();
  if (product(shape) > 0) appendRun(chunks, extent.variable.begin, cut);
  return { layout: layoutOf(extent, cut.chunkShape, []), chunks };
}

/** Each record is cut as contiguous values of its own. */
function separateRecords(extent: DataExtent): { layout: Layout; chunks: ChunkTable } {
  const { shape, stride, variable } = extent;
  const cut = cutRun(shape.slice(1), variable.type.width);
  const chunks = emptyTable();
  for (let record = 0; record < shape[0]; record++) appendRun(chunks, variable.begin + record * stride, cut);
  return { layout: layoutOf(extent, [1, ...cut.chunkShape], []), chunks };
}

function groupedRecords(extent: DataExtent, records: number): { layout: Layout; chunks: ChunkTable } {
  const { shape, bytes, stride, variable } = extent;
  const chunks = emptyTable();
  for (let first = 0; first < shape[0]; first += records) {
    const count = Math.min(records, shape[0] - first);
    chunks.offsets.push(variable.begin + first * stride);
    chunks.lengths.push((count - 1) * stride + bytes);
  }
  const configuration = JSON.stringify({ stride, record_bytes: bytes });
  const gather = [{ name: 'record_stride', configuration }];
  return { layout: layoutOf(extent, [records, ...shape.slice(1)], gather), chunks };
}

function layoutOf(extent: DataExtent, chunkShape: number[], further: Layout['codecs']): Layout {
  return {
    storedDtype: extent.variable.type.dtype,
    chunkShape,
    codecs: [{ name: 'bytes', configuration: '{"endian":"big"}' }, ...further],
    edgeChunksPadded: false,
  };
}

/** How a run of contiguous values is cut. */
interface RunCut {
  chunkShape: number[];
  /** Bytes of the stretches that are cut one after another: whole trailing dimensions from the cut one on. */
  stretchBytes: number;
  stretches: number;
  /** Bytes of a chunk; the last of a stretch holds its rest. */
  chunkBytes: number;
}

/** The largest chunks of whole trailing dimensions, a part of one dimension and single indices of those before it. */
function cutRun(shape: readonly number[], width: number): RunCut {
  const chunkShape = shape.map(() => 1);
  let inner = width;
  let axis = shape.length;
  while (axis > 0 && (axis === shape.length || chunkShape[axis] === shape[axis])) {
    axis--;
    if (axis < shape.length - 1) inner *= shape[axis + 1];
    const fitting = Math.max(1, Math.floor(largestChunkBytes / inner));
    chunkShape[axis] = Math.max(1, Math.min(shape[axis], fitting));
  }
  return {
    chunkShape,
    stretchBytes: inner * (shape[axis] ?? 1),
    stretches: product(shape.slice(0, axis)),
    chunkBytes: inner * (chunkShape[axis] ?? 1),
  };
}

function appendRun(table: ChunkTable, begin: number, cut: RunCut): void {
  for (let stretch = 0; stretch < cut.stretches; stretch++) {
    for (let from = 0; from < cut.stretchBytes; from += cut.chunkBytes) {
      table.offsets.push(begin + stretch * cut.stretchBytes + from);
      table.lengths.push(Math.min(cut.chunkBytes, cut.stretchBytes - from));
    }
  }
}

function emptyTable(): ChunkTable {
  return { offsets: [], lengths: [], skippedCodecs: [] };
}

function product(extents: readonly number[]): number {
  return extents.reduce((value, extent) => value * extent, 1);
}
