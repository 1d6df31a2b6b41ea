import type { Codec, Layout } from '@hyperslab/proto/array';
import type { ChunkTable } from '@hyperslab/proto/index';
import { ChunkTableBuilder } from './chunk-index/chunk-table-builder.ts';
import { readChunkIndex } from './chunk-index/read-chunk-index.ts';
import { contiguousChunkShape, contiguousChunks } from './contiguous-chunks.ts';
import type { DataLayout } from './data-layout.ts';
import type { Dataset } from './dataset.ts';
import type { ElementType } from './element-type.ts';
import { codecOf } from './filter-codec.ts';
import { type Filter, filterName } from './filter-pipeline.ts';
import type { MetadataFile } from './metadata-file.ts';

/** A chunk says in 32 bits which steps after the first it skips. */
const mostSteps = 33;

/** Where and how the elements of a dataset lie. */
export interface VariableStorage {
  layout: Layout;
  chunks: ChunkTable;
}

/** Why the stored bytes of a dataset can't be read here; empty when they can. */
export function whyNotReadable(dataset: Dataset, element: ElementType): string {
  const { layout, filters, space } = dataset;
  if (space.kind === 'null') return 'its dataspace is null: it has no elements';
  if (layout.kind !== 'chunked') return '';
  if (filters.length + element.stored.codecs.length > mostSteps) return `it has ${filters.length} filters`;
  const unknown = filters.find((filter) => codecOf(filter, 1) === undefined);
  return unknown === undefined ? '' : `filter ${unknown.id} (${filterName(unknown)}) is not supported`;
}

/**
 * Layout and chunk table of a dataset in the shape that it is presented in: its own, longer where a dimension that it
 * shares has grown since, followed by the extents of an array type. `storedDtype` names the elements in the layout.
 */
export async function readVariableStorage(
  file: MetadataFile,
  dataset: Dataset,
  element: ElementType,
  shape: readonly number[],
): Promise<VariableStorage> {
  const { layout } = dataset;
  return layout.kind === 'chunked'
    ? readChunked(file, dataset, layout, element, shape)
    : readContiguous(file, dataset, element, shape);
}

function readContiguous(
  file: MetadataFile,
  dataset: Dataset,
  elements: ElementType,
  shape: readonly number[],
): VariableStorage {
  const { layout } = dataset;
  const chunkShape = contiguousChunkShape(shape, elements.width);
  const builder = new ChunkTableBuilder(file, gridOf(shape, chunkShape));
  const start = startOf(file, layout);
  if (start !== undefined) {
    const bytes = shape.reduce((product, extent) => product * extent, elements.width);
    if (layout.kind === 'compact' && layout.length < bytes) {
      throw file.corrupt(
        start,
        `${bytes} bytes of "${dataset.path}" in its header`,
        `${layout.length} bytes`,
      );
    }
    let row = 0;
    for (const { offset, length } of contiguousChunks(shape, chunkShape, elements.width)) {
      builder.putRow(row++, start + offset, length);
    }
  }
  return {
    layout: {
      storedDtype: elements.dtype,
      chunkShape,
      codecs: [...elements.stored.codecs],
      edgeChunksPadded: false,
    },
    chunks: builder.table(),
  };
}

/** Address of the first byte; nothing for a dataset that was never written. */
function startOf(file: MetadataFile, layout: DataLayout): number | undefined {
  if (layout.kind === 'compact') return layout.offset - file.space.base;
  return layout.kind === 'contiguous' ? layout.address : undefined;
}

async function readChunked(
  file: MetadataFile,
  dataset: Dataset,
  layout: DataLayout & { kind: 'chunked' },
  elements: ElementType,
  shape: readonly number[],
): Promise<VariableStorage> {
  const { space, filters } = dataset;
  const { chunkShape, index, address } = layout;
  const rank = space.shape.length;
  if (chunkShape.length !== rank) {
    throw file.corrupt(
      dataset.address,
      `chunks of ${rank} dimensions in "${dataset.path}"`,
      `${chunkShape.length}`,
    );
  }
  const outerShape = shape.slice(0, rank);
  const grid = gridOf(outerShape, chunkShape);
  const builder = new ChunkTableBuilder(file, grid);
  const chunkBytes = chunkShape.reduce((product, extent) => product * extent, dataset.type.size);
  const allFilters = 2 ** filters.length - 1;
  const isEdge = (place: readonly number[]) =>
    place.some((number, axis) => (number + 1) * chunkShape[axis] > space.shape[axis]);
  const put = (place: readonly number[], chunk: { address: number; length: number; filterMask: number }) => {
    const unfiltered = layout.edgesUnfiltered && isEdge(place);
    const skipped = unfiltered ? allFilters : chunk.filterMask % (allFilters + 1);
    // A codec of the elements stands before those of the filters.
    builder.put(place, chunk.address, chunk.length, skipped * 2 ** (elements.stored.codecs.length - 1));
  };
  if (address !== undefined && builder.rows > 0) {
    if (index.kind === 'single') {
      const length = index.filteredLength ?? chunkBytes;
      put(
        grid.map(() => 0),
        { address, length, filterMask: index.filterMask },
      );
    } else {
      const chunked = {
        shape: space.shape,
        maxShape: space.maxShape,
        chunkShape,
        chunkBytes,
      };
      await readChunkIndex(file, index.kind, address, chunked, put);
    }
  }
  return {
    layout: {
      storedDtype: elements.dtype,
      chunkShape: [...chunkShape, ...elements.innerShape],
      codecs: [...elements.stored.codecs, ...filterCodecs(filters, dataset.type.size)],
      edgeChunksPadded: true,
    },
    chunks: builder.table(),
  };
}

/** How many rows the chunk table of a dataset has; in a hostile file, any number. */
export function chunkRows(dataset: Dataset, element: ElementType, shape: readonly number[]): number {
  const { layout } = dataset;
  const chunkShape =
    layout.kind === 'chunked'
      ? [...layout.chunkShape, ...element.innerShape]
      : contiguousChunkShape(shape, element.width);
  return gridOf(shape, chunkShape).reduce((product, count) => product * count, 1);
}

function filterCodecs(filters: readonly Filter[], elementSize: number): Codec[] {
  return filters.flatMap((filter) => codecOf(filter, elementSize) ?? []);
}

function gridOf(shape: readonly number[], chunkShape: readonly number[]): number[] {
  return shape.map((extent, axis) => Math.ceil(extent / chunkShape[axis]));
}
