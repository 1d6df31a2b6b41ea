import { HyperslabError } from '@hyperslab/errors';
import type { NamedResult, SavedResults, SaveOptions } from '@hyperslab/results';
import { absoluteUrl } from '../absolute-url.ts';
import { computeStream, type ResultStream } from '../compute.ts';
import type { Connection } from '../connection.ts';
import type { JobOptions } from '../jobs.ts';
import type { LazyArray } from '../lazy-array.ts';
import { historyLine, now } from './history-line.ts';
import { againWhenVoid, describedResult, openedResult } from './saved-result.ts';

/** How results are computed and written. */
export interface SaveArrayOptions extends Omit<JobOptions, 'requestId'>, Omit<SaveOptions, 'signal'> {
  /** Relative paths count from it; the working directory unless given. */
  directory?: string;
  /**
   * Whether the workers write it, in parallel, each what it makes: one array to a Zarr store, where the operator lets them
   * (HYPERSLAB_OUTPUT_ROOTS). Paths are then theirs.
   */
  onWorkers?: boolean;
}

/** An array to be saved, and its name in the file: its own when that is undefined. */
export interface ArrayToSave {
  name?: string | undefined;
  array: LazyArray;
}

/** Computes arrays one after the other and writes them into one file, block by block. */
export async function saveArrays(
  connection: Connection,
  target: string,
  arrays: readonly ArrayToSave[],
  options: SaveArrayOptions,
): Promise<SavedResults> {
  if (options.onWorkers) {
    const { saveOnWorkers } = await import('./save-on-workers.ts');
    return saveOnWorkers(connection, target, arrays, options);
  }
  const { saveResults } = await import('@hyperslab/results');
  const { signal, onProgress, priority, directory, onWorkers: _, ...rest } = options;
  return againWhenVoid(async () => {
    const results: NamedResult[] = [];
    const history = [...(options.history ?? [])];
    for (const { name, array } of arrays) {
      const { result: description, expression, datasets } = await array.explain({ signal });
      history.push(historyLine(expression, array.dataset, datasets));
      const open = () => computeStream(connection, array.toExpression(), { signal, onProgress, priority });
      results.push({ name, result: await describedResult(connection, description!, open, signal) });
    }
    return saveResults(absoluteUrl(target, directory), results, { ...rest, signal, history });
  });
}

/** Reads a result that the workers keep and writes it into a file. */
export async function savePersisted(
  connection: Connection,
  jobId: string,
  target: string,
  open: () => ResultStream,
  options: SaveArrayOptions,
): Promise<SavedResults> {
  const { saveResults } = await import('@hyperslab/results');
  const { signal, onProgress: _, directory, onWorkers, ...rest } = options;
  if (onWorkers)
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `job ${jobId}: workers write what they compute, not what they keep; save the expression`,
    );
  return againWhenVoid(async () => {
    const stream = open();
    try {
      const result = await openedResult(connection, stream, signal);
      const history = [...(options.history ?? []), `${now()}: hyperslab: result of job ${jobId}`];
      return await saveResults(absoluteUrl(target, directory), [{ result }], { ...rest, signal, history });
    } finally {
      await stream.return(undefined);
    }
  });
}
