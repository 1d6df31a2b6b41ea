import { findCube } from '@hyperslab/client';
import { coordinateCube, cubeSummary, datasetMarkdown } from '@hyperslab/cube';
import type { Cube, Dataset } from '@hyperslab/proto/cube';
import type { Context } from '../context.ts';
import { usageError } from '../context.ts';
import { datasetText } from '../output/dataset-text.ts';
import { jsonDataset } from '../output/json-dataset.ts';

/** Describes a dataset, or one of its parameters or coordinates. */
export async function show(
  context: Context,
  [reference, parameter]: string[],
  options: { markdown?: boolean; units?: string },
): Promise<void> {
  if (options.markdown && context.json) throw usageError('--markdown and --json exclude each other');
  if (options.units !== undefined && parameter === undefined)
    throw usageError('--units needs a parameter or coordinate: hyperslab show NAME PARAMETER --units UNITS');
  const client = await context.client();
  const { signal } = context;
  const dataset = await client.open(reference, { signal });
  const { metadata } = dataset;
  const found =
    parameter === undefined
      ? undefined
      : (coordinateOf(metadata, parameter) ?? findCube(metadata, parameter));
  // The scheduler says what `convert` would make of it, and why it can't.
  const converted =
    found && options.units !== undefined
      ? await dataset.variable(found.name).convert(options.units).explain({ signal })
      : undefined;
  const cube = found && converted ? { ...found, units: converted.result?.units ?? '' } : found;
  context.print(jsonDataset(metadata, cube && [cube]), () => {
    if (options.markdown) return datasetMarkdown(cube ? { ...metadata, cubes: [cube] } : metadata);
    return cube === undefined ? datasetText(metadata) : cubeSummary(metadata, cube);
  });
}

/** A coordinate that is no parameter, as one; undefined where the name is that of a parameter or of nothing. */
function coordinateOf({ cubes, variables }: Dataset, name: string): Cube | undefined {
  if (cubes.some((cube) => cube.name === name || cube.standardName === name)) return undefined;
  const variable = variables.find((each) => each.name === name);
  const coordinate = cubes.flatMap(({ coordinates }) => coordinates).find((each) => each.variable === name);
  return variable && coordinate && coordinateCube(variable, coordinate);
}
