import { HyperslabError } from '@hyperslab/errors';
import { reductionNames } from '../reduce/accumulator.ts';
import { approximatePercentileKind } from './approximate-percentile.ts';
import { comomentsKind } from './comoments.ts';
import { histogramKind } from './histogram.ts';
import { percentileKind } from './percentile.ts';
import { pickKind } from './pick.ts';
import { plainKind } from './plain-kind.ts';
import { productKind } from './product.ts';
import type { ReductionKind } from './reduction-kind.ts';
import { truthKind } from './truth.ts';
import { weightedKind, weightedNames } from './weighted.ts';

/** All kinds of reductions, by the name that a plan has for them. */
const kinds: ReadonlyMap<string, ReductionKind> = new Map([
  ...reductionNames.map((name) => [name, plainKind(name)] as const),
  ...(['any', 'all'] as const).map((name) => [name, truthKind(name)] as const),
  ...(['first', 'last', 'argmin', 'argmax'] as const).map((name) => [name, pickKind(name)] as const),
  ...(['covariance', 'correlation', 'slope', 'intercept'] as const).map(
    (name) => [name, comomentsKind(name)] as const,
  ),
  ...weightedNames.map((name) => [name, weightedKind(name)] as const),
  ['median', percentileKind],
  ['percentile', percentileKind],
  ['approximate_percentile', approximatePercentileKind],
  ['histogram', histogramKind],
  ['prod', productKind],
]);

/** Names of all reductions that a plan may have. */
export const reductionKindNames: readonly string[] = [...kinds.keys()];

/** The kind of a name. Throws INTERNAL for one that there is not: a plan has no other. */
export function reductionKind(name: string): ReductionKind {
  const kind = kinds.get(name);
  if (kind === undefined)
    throw new HyperslabError('INTERNAL', `plan has the reduction "${name}", which these kernels have not`);
  return kind;
}
