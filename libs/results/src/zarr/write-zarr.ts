import { elementCount } from '@hyperslab/array';
import type { OutputFolder } from '@hyperslab/storage';
import { defineFile, type KnownVariable } from '../cf/file-definition.ts';
import { Filling } from '../cf/fill.ts';
import { chunksOf } from '../netcdf/write-netcdf4.ts';
import { rechunk } from '../rechunk/rechunk.ts';
import { type NamedResult, type SavedVariable, type SaveOptions, savedVariable } from '../save-options.ts';
import { BoundedWork } from './bounded-work.ts';
import { encodeZarrChunk } from './encode-chunk.ts';
import { chunkKey, type ZarrArray, zarrDocuments } from './zarr-metadata.ts';
import type { ZarrEncoding } from './zarr-types.ts';

/** Writes results as a Zarr store of CF, chunk by chunk, and lets it appear: its metadata come last. */
export async function writeZarr(
  folder: OutputFolder,
  results: readonly NamedResult[],
  options: SaveOptions,
  encoding: ZarrEncoding,
): Promise<SavedVariable[]> {
  const {
    attributes,
    dimensions,
    known,
    results: variables,
  } = defineFile(
    results.map(({ name, result }) => ({ name, head: result.head })),
    options.history ?? [],
  );
  const lengths = new Map(dimensions.map(({ name, length }) => [name, length]));
  const arrays = known.map((variable) => knownArray(variable, lengths));
  const work = new BoundedWork();
  for (const [i, { name, dtype, values }] of known.entries()) {
    const { shape, chunk, fill } = arrays[i];
    if (elementCount(shape) === 0) continue;
    const index = shape.map(() => 0);
    await work.add(async () =>
      folder.put(
        chunkKey(name, index, encoding),
        await encodeZarrChunk({ dtype, values: values as never }, shape, chunk, fill, encoding),
      ),
    );
  }
  const fillings: Filling[] = [];
  for (const [i, { result }] of results.entries()) {
    const variable = variables[i];
    const { dtype, shape } = result.head;
    const filling = new Filling(variable.name, dtype, options.fillValue);
    const chunk = chunksOf(result, options).map((extent) => Math.max(1, extent));
    const rechunking = { dtype, shape, chunk, scratchBeside: folder.scratchBeside };
    for await (const part of rechunk(result.blocks(), rechunking)) {
      const values = filling.take(part);
      await work.add(async () =>
        folder.put(
          chunkKey(variable.name, part.index, encoding),
          await encodeZarrChunk({ dtype, values }, part.shape, chunk, filling.fill, encoding),
        ),
      );
    }
    arrays.push({ ...variable, chunk, fill: filling.fill, isFilled: filling.isNeeded() });
    fillings.push(filling);
  }
  await work.drain();
  await folder.commit(zarrDocuments(arrays, attributes, encoding));
  return results.map(({ result }, i) => savedVariable(variables[i].name, result, fillings[i]));
}

/** A coordinate or bounds as an array of one chunk. */
export function knownArray(variable: KnownVariable, lengths: ReadonlyMap<string, number>): ZarrArray {
  const { values: _, ...described } = variable;
  const shape = variable.dimensions.map((dimension) => lengths.get(dimension)!);
  const isFilled = variable.attributes.some(({ name }) => name === '_FillValue');
  const fill = variable.dtype === 'string' ? undefined : new Filling(variable.name, variable.dtype).fill;
  return { ...described, shape, chunk: shape.map((extent) => Math.max(1, extent)), fill, isFilled };
}
