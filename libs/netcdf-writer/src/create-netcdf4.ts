import { allocateValues, elementCount, ravel } from '@hyperslab/array';
import { type AtomicFile, createAtomicFile } from '@hyperslab/storage/file';
import { checkDefinition } from './check-definition.ts';
import { ChunkSink } from './chunk-sink.ts';
import type { Netcdf4Definition, Values } from './definition.ts';
import { encodeChunk, padChunk } from './encode-chunk.ts';
import { layOut } from './file-layout.ts';
import { type ChunkTable, chunkTree } from './hdf5/chunk-btree.ts';
import { invalidDefinition } from './invalid-definition.ts';
import type { PlannedDataset } from './plan-datasets.ts';

/** A file that is being written. */
export interface Netcdf4Writer {
  /**
   * Writes a chunk, compressed in zlib's threads. Resolves when there is room for another; the values may be changed
   * at once. Chunks may come in any order; one that never comes reads as the fill value.
   * @param chunkIndex number of the chunk in each dimension
   * @param values of the chunk's part within the array, row-major, in the variable's type
   */
  writeChunk(variable: string, chunkIndex: readonly number[], values: Values): Promise<void>;
  /**
   * Completes the file: it appears under its name, on disk. Discards it when that fails.
   * @param withoutFill variables whose `_FillValue` is left out: nothing of them is missing after all
   */
  close(options?: { withoutFill?: ReadonlySet<string> }): Promise<void>;
  /** Discards what was written, unless it is closed. */
  [Symbol.asyncDispose](): Promise<void>;
}

interface WritableVariable {
  dataset: PlannedDataset;
  storage: Extract<PlannedDataset['storage'], { kind: 'chunked' }>;
  shape: number[];
  /** An array of no elements, for its type. */
  type: Values;
  table: ChunkTable;
}

/**
 * Starts a netCDF-4 file at a path, or in a file that is open. Memory is that of the metadata, of 12 bytes a chunk and of a few chunks under way.
 * The same calls give the same bytes.
 * @throws HyperslabError INVALID_ARGUMENT when the definition is no netCDF-4; DISK_FULL, ACCESS_DENIED
 */
export async function createNetcdf4(
  target: string | AtomicFile,
  definition: Netcdf4Definition,
): Promise<Netcdf4Writer> {
  checkDefinition(definition);
  const layout = layOut(definition);
  const variables = writableVariables(definition, layout.datasets);
  const file = typeof target === 'string' ? await createAtomicFile(target) : target;
  const sink = new ChunkSink(file, layout.end);
  let isClosed = false;

  const writeChunk: Netcdf4Writer['writeChunk'] = async (name, chunkIndex, values) => {
    const variable = variables.get(name);
    if (isClosed || !variable)
      throw invalidDefinition(`variable "${name}": is not written in chunks, or the file is closed`);
    const { dataset, storage, table } = variable;
    const part = partOf(name, variable, chunkIndex, values);
    const chunk = ravel(chunkIndex, storage.gridShape);
    if (table.sizes[chunk] > 0)
      throw invalidDefinition(`variable "${name}": chunk [${chunkIndex.join(', ')}] is written twice`);
    // Claimed now, so that the same chunk can't come again while it is compressed.
    table.sizes[chunk] = 1;
    const whole = padChunk(part.values, part.shape, storage.chunks.shape, dataset.fill!);
    await sink.append(encodeChunk(whole, storage.elementSize, storage.chunks), (address, length) => {
      table.addresses[chunk] = address;
      table.sizes[chunk] = length;
    });
  };

  const complete = async (withoutFill: ReadonlySet<string>) => {
    await sink.drain();
    for (const { dataset, table } of variables.values()) {
      const root = layout.storageAt.get(dataset);
      if (root === undefined) continue;
      let at = root;
      for (const node of chunkTree(table, root)) {
        await file.write(node, at);
        at += node.length;
      }
    }
    const tables = new Map([...variables.values()].map(({ dataset, table }) => [dataset, table]));
    const hasChunks = (dataset: PlannedDataset) =>
      tables.get(dataset)?.sizes.some((size) => size > 0) ?? false;
    for (const { address, bytes } of layout.metadata({ endOfFile: sink.end, hasChunks, withoutFill }))
      await file.write(bytes, address);
    await file.commit(sink.end);
  };

  const writer: Netcdf4Writer = {
    writeChunk,
    async close({ withoutFill = new Set<string>() } = {}) {
      isClosed = true;
      try {
        await complete(withoutFill);
      } catch (error) {
        await file.discard();
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      if (isClosed) return;
      isClosed = true;
      await sink.drain().catch(() => {});
      await file.discard();
    },
  };

  try {
    for (const { address, bytes } of layout.inlineValues()) await file.write(bytes, address);
    for (const { name, values } of definition.variables)
      if (values !== undefined && values.length > 0 && variables.has(name))
        await writeChunk(
          name,
          variables.get(name)!.storage.gridShape.map(() => 0),
          values,
        );
  } catch (error) {
    await writer[Symbol.asyncDispose]();
    throw error;
  }
  return writer;
}

function writableVariables(
  { dimensions, variables }: Netcdf4Definition,
  datasets: readonly PlannedDataset[],
): Map<string, WritableVariable> {
  const lengths = new Map(dimensions.map(({ name, length }) => [name, length]));
  const byName = new Map(datasets.map((dataset) => [dataset.variable, dataset]));
  return new Map(
    variables.flatMap(({ name, dtype, dimensions: own }) => {
      const dataset = byName.get(name)!;
      const { storage } = dataset;
      if (storage.kind !== 'chunked') return [];
      const chunks = elementCount(storage.gridShape);
      const table: ChunkTable = {
        gridShape: storage.gridShape,
        chunkShape: storage.chunks.shape,
        elementSize: storage.elementSize,
        addresses: new Float64Array(chunks).fill(Number.NaN),
        sizes: new Uint32Array(chunks),
      };
      const shape = own.map((dimension) => lengths.get(dimension)!);
      return [[name, { dataset, storage, shape, type: allocateValues(dtype, 0), table }] as const];
    }),
  );
}

function partOf(
  name: string,
  { storage, shape, type }: WritableVariable,
  chunkIndex: readonly number[],
  values: Values,
) {
  const { gridShape, chunks } = storage;
  const isInside =
    chunkIndex.length === gridShape.length &&
    chunkIndex.every((cell, axis) => Number.isInteger(cell) && cell >= 0 && cell < gridShape[axis]);
  const which = `variable "${name}": chunk [${chunkIndex.join(', ')}]`;
  if (!isInside) throw invalidDefinition(`${which} is outside its grid of [${gridShape.join(', ')}]`);
  const part = chunkIndex.map((cell, axis) =>
    Math.min(chunks.shape[axis], shape[axis] - cell * chunks.shape[axis]),
  );
  if (!ArrayBuffer.isView(values) || values.constructor !== type.constructor)
    throw invalidDefinition(`${which}: expected ${type.constructor.name}, got ${values.constructor.name}`);
  if (values.length !== elementCount(part))
    throw invalidDefinition(`${which}: expected ${elementCount(part)} values, got ${values.length}`);
  return { shape: part, values };
}
