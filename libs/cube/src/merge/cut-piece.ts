import {
  elementCount,
  gridShape,
  isFixedWidth,
  itemSize,
  ravel,
  regularRuns,
  unravel,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Codec, Layout } from '@hyperslab/proto/array';
import type { ChunkTable, IndexedVariable } from '@hyperslab/proto/index';
import { publicName } from '../cf/names.ts';
import type { PieceCollection } from './collect-pieces.ts';
import type { Piece, PieceGroup } from './piece.ts';

/** A stretch of a piece along one of its dimensions. */
export interface Stretch {
  dimension: number;
  start: number;
  count: number;
}

/**
 * A part of a piece, made of chunks that it has. Throws MERGE_CONFLICT naming file and chunks where it begins or ends within
 * a chunk that can't be taken apart, and naming a coordinate whose values are too many to be known.
 */
export function cutPiece(
  piece: Piece,
  group: PieceGroup,
  { dimension, start, count }: Stretch,
  { contents, chunks, files }: Pick<PieceCollection, 'contents' | 'chunks' | 'files'>,
): Piece {
  const { shape } = piece.variable;
  if (start === 0 && count === shape[dimension]) return piece;
  const path = group.dimensions[dimension];
  const linked = group.links.map(({ dimensions }, link) => {
    const axis = dimensions.indexOf(path);
    if (axis < 0) return piece.contents[link];
    const part = contents.part(piece.contents[link], { dimension: axis, start, count });
    if (part !== undefined) return part;
    const { url } = files[piece.file];
    const [name, coordinate] = [group.path, group.links[link].path].map(publicName);
    throw new HyperslabError(
      'MERGE_CONFLICT',
      `"${name}" of ${url}: steps ${start} to ${start + count - 1} along ${publicName(path)} are to be taken out, but the values of "${coordinate}" are too many to take a part of them; leave it out ("drop: [${coordinate}]" of an --overlay), or publish without --best and --allow-missing`,
      { variable: name, file: url, coordinate },
    );
  });
  const cut = { ...piece, contents: linked };
  const variable = { ...piece.variable, shape: shape.with(dimension, count) };
  const table = piece.chunks === undefined ? piece.variable.chunks : chunks.get(piece.chunks);
  if (table === undefined || variable.layout === undefined) return { ...cut, variable };
  const whole = { variable: piece.variable, layout: variable.layout, table };
  const stored = fits(whole, { dimension, start, count }) ? whole : stepByStep(whole, dimension);
  if (stored === undefined || !fits(stored, { dimension, start, count })) {
    const { url } = files[piece.file];
    const name = publicName(group.path);
    throw new HyperslabError(
      'MERGE_CONFLICT',
      `"${name}" of ${url}: steps ${start} to ${start + count - 1} along ${publicName(path)} are to be taken out, but its chunks hold ${variable.layout.chunkShape[dimension]} steps each; publish files that are chunked by single steps, or publish without --best and --allow-missing`,
      { variable: name, file: url, coordinate: publicName(path) },
    );
  }
  const rows = chunksWithin(stored.variable.shape, stored.layout, { dimension, start, count });
  return {
    ...cut,
    variable: { ...variable, layout: stored.layout },
    chunks: chunks.add(rowsOf(stored.table, rows), variable.name),
  };
}

interface Stored {
  variable: IndexedVariable;
  layout: Layout;
  table: ChunkTable;
}

/** Whether a stretch is made of chunks as they are: it begins with one, and ends with one or within one that is stored whole. */
function fits({ variable, layout }: Stored, { dimension, start, count }: Stretch): boolean {
  const extent = layout.chunkShape[dimension];
  const end = start + count;
  if (start % extent !== 0) return false;
  return end % extent === 0 || end === variable.shape[dimension] || layout.edgeChunksPadded;
}

/**
 * Chunks of plain bytes taken apart along a dimension, where steps lie one behind the other, or at equal distances as records of
 * a netCDF classic file do; undefined where they don't.
 */
function stepByStep({ variable, layout, table }: Stored, dimension: number): Stored | undefined {
  const { chunkShape, codecs, edgeChunksPadded, storedDtype } = layout;
  const { shape } = variable;
  const isPlain = !edgeChunksPadded && isFixedWidth(storedDtype) && table.skippedCodecs.length === 0;
  const isLeading =
    chunkShape.slice(0, dimension).every((extent) => extent === 1) &&
    chunkShape.slice(dimension + 1).every((extent, i) => extent === shape[dimension + 1 + i]);
  if (!isPlain || !isLeading) return undefined;
  const stepBytes = elementCount(shape.slice(dimension + 1)) * itemSize(storedDtype);
  const distance = distanceOf(codecs, stepBytes);
  if (distance === undefined) return undefined;
  const single = { ...layout, chunkShape: chunkShape.with(dimension, 1), codecs: codecs.slice(0, 1) };
  const grid = gridOf(shape, layout);
  const offsets: number[] = [];
  const lengths: number[] = [];
  const numbers: number[] = [];
  for (const [row, offset] of table.offsets.entries()) {
    const index = unravel(row, grid)[dimension] * chunkShape[dimension];
    const steps = Math.min(chunkShape[dimension], shape[dimension] - index);
    const isWritten = table.lengths[row] > 0;
    if (isWritten && table.lengths[row] !== (steps - 1) * distance + stepBytes) return undefined;
    for (let step = 0; step < steps; step++) {
      offsets.push(offset + (isWritten ? step * distance : 0));
      lengths.push(isWritten ? stepBytes : 0);
      if (table.objects !== undefined) numbers.push(table.objects.numbers[row]);
    }
  }
  const objects = table.objects === undefined ? undefined : { numbers };
  return { variable, layout: single, table: { offsets, lengths, skippedCodecs: [], objects } };
}

/** Bytes from one step to the next; undefined for steps that are encoded together. */
function distanceOf([bytes, gather, ...others]: readonly Codec[], stepBytes: number): number | undefined {
  if (bytes?.name !== 'bytes' || others.length > 0) return undefined;
  if (gather === undefined) return stepBytes;
  if (gather.name !== 'record_stride') return undefined;
  const { stride, record_bytes } = JSON.parse(gather.configuration) as Record<string, number>;
  return record_bytes === stepBytes ? stride : undefined;
}

/** Numbers of the chunks of a stretch, row-major. */
function chunksWithin(
  shape: readonly number[],
  layout: Layout,
  { dimension, start, count }: Stretch,
): number[] {
  const grid = gridOf(shape, layout);
  const extent = layout.chunkShape[dimension];
  const first = start / extent;
  const part = grid.with(dimension, Math.ceil((start + count) / extent) - first);
  return Array.from({ length: elementCount(part) }, (_, row) => {
    const index = unravel(row, part);
    return ravel(index.with(dimension, index[dimension] + first), grid);
  });
}

function gridOf(shape: readonly number[], { chunkShape }: Layout): number[] {
  return gridShape(shape.map((extent, axis) => regularRuns(extent, chunkShape[axis])));
}

function rowsOf(
  { offsets, lengths, skippedCodecs, objects }: ChunkTable,
  rows: readonly number[],
): ChunkTable {
  const taken = (column: readonly number[]) => (column.length === 0 ? [] : rows.map((row) => column[row]));
  return {
    offsets: taken(offsets),
    lengths: taken(lengths),
    skippedCodecs: taken(skippedCodecs),
    objects: objects === undefined ? undefined : { numbers: taken(objects.numbers) },
  };
}
