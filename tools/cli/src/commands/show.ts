import { findCube } from '@hyperslab/client';
import { cubeSummary, datasetMarkdown, unitConversion } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import type { Cube } from '@hyperslab/proto/cube';
import type { Context } from '../context.ts';
import { usageError } from '../context.ts';
import { datasetText } from '../output/dataset-text.ts';
import { jsonDataset } from '../output/json-dataset.ts';

/** Describes a dataset, or one of its parameters. */
export async function show(
  context: Context,
  [reference, parameter]: string[],
  options: { markdown?: boolean; units?: string },
): Promise<void> {
  if (options.markdown && context.json) throw usageError('--markdown and --json exclude each other');
  if (options.units !== undefined && parameter === undefined)
    throw usageError('--units needs a parameter: hyperslab show NAME PARAMETER --units UNITS');
  const client = await context.client();
  const { metadata } = await client.open(reference, { signal: context.signal });
  const found = parameter === undefined ? undefined : findCube(metadata, parameter);
  const cube = found && options.units !== undefined ? inUnits(found, options.units) : found;
  context.print(jsonDataset(metadata, cube && [cube]), () => {
    if (options.markdown) return datasetMarkdown(cube ? { ...metadata, cubes: [cube] } : metadata);
    return cube === undefined ? datasetText(metadata) : cubeSummary(metadata, cube);
  });
}

/** A parameter as `convert` makes it. Throws EXPRESSION_INVALID naming both units where it can't be. */
function inUnits(cube: Cube, units: string): Cube {
  if (unitConversion(cube.units, units) !== undefined) return { ...cube, units };
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `"${cube.name}" is in "${cube.units}", which can't be "${units}"; expected units of the same quantity`,
    { units: cube.units, other_units: units },
  );
}
