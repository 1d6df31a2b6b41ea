import { HyperslabError } from '@hyperslab/errors';
import type { ExplainResponse, OutputRequest } from '@hyperslab/proto/scheduler';
import type { SavedResults } from '@hyperslab/results';
import { formatOf, type ResultFormat, storageOf } from '@hyperslab/results/formats';
import { absoluteUrl } from '../absolute-url.ts';
import { computeStream, gatherResult } from '../compute.ts';
import type { Connection } from '../connection.ts';
import { historyLine } from './history-line.ts';
import type { ArrayToSave, SaveArrayOptions } from './save.ts';

/** Has the workers write an array to a Zarr store, each the blocks that it makes. */
export async function saveOnWorkers(
  connection: Connection,
  target: string,
  arrays: readonly ArrayToSave[],
  options: SaveArrayOptions,
): Promise<SavedResults> {
  const [{ name, array }] = arrays;
  const format = formatOf(target, options.format);
  if (arrays.length > 1 || (format !== 'zarr3' && format !== 'zarr2'))
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `${target}: workers write one result to a Zarr store; found ${arrays.length} for ${format ?? 'no format'}`,
    );
  const { signal, onProgress, priority } = options;
  const explained = await array.explain({ signal });
  const url = absoluteUrl(target, options.directory);
  const output = outputRequest(url, name, format, explained, array.dataset, options);
  const stream = computeStream(connection, array.toExpression(), { signal, onProgress, priority }, output);
  const { values } = await gatherResult(connection, stream, signal);
  const [missing, nan] = Array.from(values as BigInt64Array, Number);
  const { name: own, dtype, units, dimensions, shape } = explained.result!;
  return { url, format, variables: [{ name: name ?? own, dtype, units, dimensions, shape, missing, nan }] };
}

function outputRequest(
  url: string,
  name: string | undefined,
  format: Extract<ResultFormat, 'zarr2' | 'zarr3'>,
  { expression, datasets }: ExplainResponse,
  dataset: string,
  options: SaveArrayOptions,
): OutputRequest {
  const { compression, level } = storageOf(format, options);
  return {
    url,
    variable: name ?? '',
    encoding: {
      format: format === 'zarr3' ? 3 : 2,
      compression,
      level,
      shuffle: options.shuffle ?? false,
    },
    chunks: { ...options.chunks },
    fillValue: options.fillValue,
    history: [...(options.history ?? []), historyLine(expression, dataset, datasets)],
    overwrite: options.overwrite ?? false,
  };
}
