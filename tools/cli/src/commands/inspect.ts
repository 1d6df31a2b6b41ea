import type { Priority } from '@hyperslab/client';
import { type MergeFlags, mergeOptions } from '../command-line/merge-options.ts';
import type { Context } from '../context.ts';
import { datasetText } from '../output/dataset-text.ts';
import { jsonDataset } from '../output/json-dataset.ts';
import { withProgress } from '../output/progress.ts';

/** Merges files as a publish does and prints what it would make. */
export async function inspect(
  context: Context,
  urls: string[],
  options: MergeFlags & { priority?: Priority },
): Promise<void> {
  const client = await context.client();
  const { signal } = context;
  const dataset = await withProgress((onProgress) =>
    client.inspect(urls, { ...mergeOptions(options), signal, onProgress, priority: options.priority }),
  );
  const { attributes, cubes } = jsonDataset(dataset);
  context.print({ attributes, cubes, notes: dataset.provenance?.notes ?? [] }, () => datasetText(dataset));
}
