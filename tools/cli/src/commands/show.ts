import { findCube } from '@hyperslab/client';
import { cubeSummary, datasetMarkdown } from '@hyperslab/cube';
import type { Context } from '../context.ts';
import { usageError } from '../context.ts';
import { datasetText } from '../output/dataset-text.ts';
import { jsonDataset } from '../output/json-dataset.ts';

/** Describes a dataset, or one of its parameters. */
export async function show(
  context: Context,
  [reference, parameter]: string[],
  options: { markdown?: boolean },
): Promise<void> {
  if (options.markdown && context.json) throw usageError('--markdown and --json exclude each other');
  const client = await context.client();
  const { metadata } = await client.open(reference, { signal: context.signal });
  const cube = parameter === undefined ? undefined : findCube(metadata, parameter);
  context.print(jsonDataset(metadata, cube && [cube]), () => {
    if (options.markdown) return datasetMarkdown(cube ? { ...metadata, cubes: [cube] } : metadata);
    return cube === undefined ? datasetText(metadata) : cubeSummary(metadata, cube);
  });
}
