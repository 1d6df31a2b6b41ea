import { type NumericValues, ravel } from '@hyperslab/array';
import { createNetcdfClassic, type Netcdf4Definition, type Values } from '@hyperslab/netcdf-writer';
import type { OutputFile } from '@hyperslab/storage';
import { defineFile, type FileDefinition, type FileVariable } from '../cf/file-definition.ts';
import { Filling, fillAttribute } from '../cf/fill.ts';
import { textAttribute } from '../cf/text-attribute.ts';
import { chunkShape } from '../rechunk/choose-chunks.ts';
import { rechunk } from '../rechunk/rechunk.ts';
import { type NamedResult, type SavedVariable, type SaveOptions, savedVariable } from '../save-options.ts';
import { comesWhole, gather } from '../whole.ts';
import { charactersOf } from './characters.ts';

/** Writes results as a CF file of the classic format, as runs of elements, and closes it. */
export async function writeNetcdf3(
  file: OutputFile,
  results: readonly NamedResult[],
  options: SaveOptions,
): Promise<SavedVariable[]> {
  const { scratchBeside } = file;
  const definition = defineFile(
    results.map(({ name, result }) => ({ name, head: result.head })),
    options.history ?? [],
  );
  const fillings = results.map(
    ({ result }, i) => new Filling(definition.results[i].name, result.head.dtype, options.fillValue),
  );
  const whole = new Map<string, Values>();
  for (const [i, { result }] of results.entries()) {
    if (!comesWhole(result)) continue;
    whole.set(definition.results[i].name, fillings[i].take(await gather(result, scratchBeside)));
  }
  const classic = classicDefinition(definition, whole, fillings);
  await using writer = await createNetcdfClassic(file, classic);
  const withoutFill = new Set<string>();
  for (const [i, { result }] of results.entries()) {
    const { name } = definition.results[i];
    if (whole.has(name)) continue;
    const { dtype, shape } = result.head;
    // A chunk of whole rows is one run of the file.
    const rechunking = { dtype, shape, chunk: chunkShape(shape), scratchBeside };
    for await (const chunk of rechunk(result.blocks(), rechunking))
      await writer.write(name, ravel(chunk.origin, shape), fillings[i].take(chunk) as NumericValues);
    if (!fillings[i].isNeeded()) withoutFill.add(name);
  }
  await writer.close({ withoutFill });
  return results.map(({ result }, i) => savedVariable(definition.results[i].name, result, fillings[i]));
}

function classicDefinition(
  { dimensions, attributes, known, results }: FileDefinition,
  whole: ReadonlyMap<string, Values>,
  fillings: readonly Filling[],
): Netcdf4Definition {
  const all = new Map(dimensions.map(({ name, length }) => [name, length]));
  const withCharacters = (variable: FileVariable, values: readonly string[]) => {
    const { width, characters } = charactersOf(values);
    // Of the same width, one dimension does for all (CF section 2.2); results may have one of its name, and of another length.
    let dimension = `string_${width}`;
    while ((all.get(dimension) ?? width) !== width) dimension += '_';
    all.set(dimension, width);
    const shaped = { dtype: 'char' as const, dimensions: [...variable.dimensions, dimension] };
    // Readers make bytes of them, not texts, that aren't told (NetCDF Users Guide, "_Encoding").
    const attributes = [...variable.attributes, textAttribute('_Encoding', 'utf-8')];
    return { ...variable, ...shaped, attributes, values: characters };
  };
  const variables = [
    ...known.map((variable) =>
      variable.dtype === 'string' ? withCharacters(variable, variable.values as string[]) : variable,
    ),
    ...results.map(({ shape, ...variable }, i) => {
      const values = whole.get(variable.name);
      if (variable.dtype === 'string') return withCharacters(variable, values as string[]);
      const filled = [...variable.attributes, fillAttribute(variable.dtype, fillings[i].fill!)];
      if (values !== undefined)
        return { ...variable, attributes: fillings[i].isNeeded() ? filled : variable.attributes, values };
      const chunks = { shape: chunkShape(shape), deflateLevel: 0, shuffle: false };
      return { ...variable, attributes: filled, chunks };
    }),
  ];
  return { dimensions: [...all].map(([name, length]) => ({ name, length })), attributes, variables };
}
