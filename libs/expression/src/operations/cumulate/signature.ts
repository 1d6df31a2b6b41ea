import type { Cumulation } from '@hyperslab/kernels';
import type { Signature } from '../signature.ts';

/** What each operation cumulates. */
export const cumulations = {
  cumsum: 'sum',
  cumprod: 'prod',
  cummin: 'min',
  cummax: 'max',
} as const satisfies Record<string, Cumulation>;

function signature(name: keyof typeof cumulations, summary: string): Signature {
  return {
    name,
    summary,
    parameters: [
      { name: 'x', kind: 'array' },
      { name: 'dimension', kind: 'name' },
    ],
  };
}

/** What goes on along a dimension. */
export const cumulateSignatures: readonly Signature[] = [
  signature('cumsum', 'sum of all elements up to each along a dimension'),
  signature('cumprod', 'product of all elements up to each along a dimension'),
  signature('cummin', 'least value up to each element along a dimension'),
  signature('cummax', 'greatest value up to each element along a dimension'),
];
