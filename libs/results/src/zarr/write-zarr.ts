import type { OutputFolder } from '@hyperslab/storage';
import { Filling } from '../cf/fill.ts';
import { chunksOf } from '../rechunk/choose-chunks.ts';
import { rechunk } from '../rechunk/rechunk.ts';
import { type NamedResult, type SavedVariable, type SaveOptions, savedVariable } from '../save-options.ts';
import { BoundedWork } from './bounded-work.ts';
import { defineStore } from './define-store.ts';
import { encodeZarrChunk } from './encode-chunk.ts';
import { chunkKey, zarrDocuments } from './zarr-metadata.ts';
import type { ZarrEncoding } from './zarr-types.ts';

/** Writes results as a Zarr store of CF, chunk by chunk, and lets it appear: its metadata come last. */
export async function writeZarr(
  folder: OutputFolder,
  results: readonly NamedResult[],
  options: SaveOptions,
  encoding: ZarrEncoding,
): Promise<SavedVariable[]> {
  const heads = results.map(({ name, result }) => ({ name, head: result.head }));
  const {
    attributes,
    known,
    chunks,
    results: variables,
  } = defineStore(heads, options.history ?? [], encoding);
  const arrays = [...known];
  // What fails is discarded: an object that is put after that would stay.
  await using work = new BoundedWork();
  for await (const { key, bytes } of chunks()) await work.add(() => folder.put(key, bytes));
  const fillings: Filling[] = [];
  for (const [i, { result }] of results.entries()) {
    const variable = variables[i];
    const { dtype, shape } = result.head;
    const filling = new Filling(variable.name, dtype, options.fillValue);
    const chunk = chunksOf(result.head, options.chunks).map((extent) => Math.max(1, extent));
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
