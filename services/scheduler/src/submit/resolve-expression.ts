import { HyperslabError } from '@hyperslab/errors';
import {
  datasetReferences,
  expressionGraph,
  expressionTitle,
  persistedJob,
  type ResolvedExpression,
  resolve,
} from '@hyperslab/expression';
import type { Dataset } from '@hyperslab/proto/cube';
import type { Expression, ResultDescription } from '@hyperslab/proto/expression';
import type { CatalogDatasets } from './catalog-datasets.ts';
import type { PersistedResult, PersistedResults } from './persisted-results.ts';

/** Where what expressions name is found. */
export interface Named {
  datasets: Pick<CatalogDatasets, 'get' | 'readCoordinate'>;
  results: Pick<PersistedResults, 'get'>;
}

/** An expression with its meaning. */
export interface MeantExpression {
  resolved: ResolvedExpression;
  /** In its normal form; a short name where that is too long to write. */
  text: string;
  /** Datasets as they were named, with the version that each meant. */
  resolvedDatasets: Record<string, string>;
  datasets: Dataset[];
}

/**
 * Finds out what an expression means in the datasets and persisted results that it names.
 * @param pinned versions that names meant before
 * @throws HyperslabError EXPRESSION_INVALID, DATASET_NOT_FOUND, JOB_NOT_FOUND, VARIABLE_NOT_FOUND, …
 */
export async function resolveExpression(
  { datasets, results }: Named,
  expression: Expression | undefined,
  pinned: Record<string, string>,
  signal: AbortSignal,
): Promise<MeantExpression> {
  if (expression === undefined)
    throw new HyperslabError('EXPRESSION_INVALID', 'expression: expected one, found none');
  const graph = expressionGraph(expression);
  const own = expression.dataset;
  const found = new Map<string, Dataset>();
  const resolvedDatasets: Record<string, string> = {};
  const persisted = new Map<string, PersistedResult>();
  for (const reference of datasetReferences(graph, own)) {
    const jobId = persistedJob(reference);
    if (jobId !== undefined) {
      const kept = await results.get(jobId, signal);
      persisted.set(reference, kept);
      resolvedDatasets[reference] = reference;
      for (const name of kept.madeOf) resolvedDatasets[name] = name;
      for (const name of datasetsOfCoordinates(kept.result))
        found.set(name, await datasets.get(name, signal));
      continue;
    }
    const dataset = await datasets.get(pinned[reference] ?? reference, signal);
    found.set(reference, dataset);
    resolvedDatasets[reference] = `${dataset.name}@${dataset.version}`;
  }
  const resolved = await resolve(graph, own, {
    datasets: found,
    persisted,
    readCoordinate: (dataset, variable) => datasets.readCoordinate(dataset, variable, signal),
  });
  return { resolved, text: expressionTitle(graph), resolvedDatasets, datasets: [...found.values()] };
}

/** Datasets of coordinates that are too large to be in a description. */
function datasetsOfCoordinates({ coordinates }: ResultDescription): Set<string> {
  const where = coordinates.flatMap(({ values, bounds }) => [values?.where, bounds?.where]);
  return new Set(where.flatMap((each) => (each?.$case === 'selection' ? [each.value.dataset] : [])));
}
