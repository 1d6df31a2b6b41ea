import { HyperslabError } from '@hyperslab/errors';
import {
  datasetReferences,
  expressionGraph,
  expressionTitle,
  type ResolvedExpression,
  resolve,
} from '@hyperslab/expression';
import type { Dataset } from '@hyperslab/proto/cube';
import type { Expression } from '@hyperslab/proto/expression';
import type { CatalogDatasets } from './catalog-datasets.ts';

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
 * Finds out what an expression means in the datasets that it names.
 * @param pinned versions that names meant before
 * @throws HyperslabError EXPRESSION_INVALID, DATASET_NOT_FOUND, VARIABLE_NOT_FOUND, …
 */
export async function resolveExpression(
  datasets: CatalogDatasets,
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
  for (const reference of datasetReferences(graph, own)) {
    const dataset = await datasets.get(pinned[reference] ?? reference, signal);
    found.set(reference, dataset);
    resolvedDatasets[reference] = `${dataset.name}@${dataset.version}`;
  }
  const resolved = await resolve(graph, own, {
    datasets: found,
    readCoordinate: (dataset, variable) => datasets.readCoordinate(dataset, variable, signal),
  });
  return { resolved, text: expressionTitle(graph), resolvedDatasets, datasets: [...found.values()] };
}
