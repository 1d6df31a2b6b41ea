import type { NumericValues } from '@hyperslab/array';
import { createNetcdf4, type VariableDefinition } from '@hyperslab/netcdf-writer';
import type { OutputFile } from '@hyperslab/storage';
import { defineFile } from '../cf/file-definition.ts';
import { Filling, fillAttribute } from '../cf/fill.ts';
import { chunksOf } from '../rechunk/choose-chunks.ts';
import { rechunk } from '../rechunk/rechunk.ts';
import { type NamedResult, type SavedVariable, type SaveOptions, savedVariable } from '../save-options.ts';
import { comesWhole, gather } from '../whole.ts';

/** How chunks of a file are compressed. */
export interface ChunkCompression {
  deflateLevel: number;
  shuffle: boolean;
}

/** Writes results as a CF netCDF-4 file, chunk by chunk, and closes it. */
export async function writeNetcdf4(
  file: OutputFile,
  results: readonly NamedResult[],
  options: SaveOptions,
  compression: ChunkCompression,
): Promise<SavedVariable[]> {
  const { scratchBeside } = file;
  const definition = defineFile(
    results.map(({ name, result }) => ({ name, head: result.head })),
    options.history ?? [],
  );
  const fillings = results.map(
    ({ result }, i) => new Filling(definition.results[i].name, result.head.dtype, options.fillValue),
  );
  const variables: VariableDefinition[] = [];
  for (const [i, { result }] of results.entries()) {
    const { shape: _, ...variable } = definition.results[i];
    const { fill } = fillings[i];
    const attributes = [
      ...variable.attributes,
      ...(fill === undefined ? [] : [fillAttribute(variable.dtype, fill)]),
    ];
    if (comesWhole(result)) {
      const values = fillings[i].take(await gather(result, scratchBeside));
      const isTold = fillings[i].isNeeded();
      variables.push({ ...variable, attributes: isTold ? attributes : variable.attributes, values });
    } else {
      const chunks = { shape: chunksOf(result.head, options.chunks), ...compression };
      variables.push({ ...variable, attributes, chunks });
    }
  }
  const { dimensions, attributes, known } = definition;
  await using writer = await createNetcdf4(file, {
    dimensions,
    attributes,
    variables: [...known, ...variables],
  });
  const withoutFill = new Set<string>();
  for (const [i, { result }] of results.entries()) {
    const { name, chunks } = variables[i];
    if (chunks === undefined) continue;
    const { dtype, shape } = result.head;
    const rechunking = { dtype, shape, chunk: chunks.shape, scratchBeside };
    for await (const chunk of rechunk(result.blocks(), rechunking))
      await writer.writeChunk(name, chunk.index, fillings[i].take(chunk) as NumericValues);
    if (!fillings[i].isNeeded()) withoutFill.add(name);
  }
  await writer.close({ withoutFill });
  return results.map(({ result }, i) => savedVariable(variables[i].name, result, fillings[i]));
}
