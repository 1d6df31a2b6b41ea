import { HyperslabError } from '@hyperslab/errors';
import { reductionNames } from '../reduce/accumulator.ts';
import { plainKind } from './plain-kind.ts';
import type { ReductionKind } from './reduction-kind.ts';

/** All kinds of reductions, by the name that a plan has for them. */
const kinds: ReadonlyMap<string, ReductionKind> = new Map(
  reductionNames.map((name) => [name, plainKind(name)]),
);

/** The kind of a name. Throws INTERNAL for one that there is not: a plan has no other. */
export function reductionKind(name: string): ReductionKind {
  const kind = kinds.get(name);
  if (kind === undefined)
    throw new HyperslabError('INTERNAL', `plan has the reduction "${name}", which these kernels have not`);
  return kind;
}
