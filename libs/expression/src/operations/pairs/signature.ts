import type { Signature } from '../signature.ts';

const parameters = [
  { name: 'x', kind: 'array' },
  { name: 'y', kind: 'array' },
  { name: 'dimension', kind: 'name', optional: true, repeated: true },
] as const;

/** Reductions of pairs of values. */
export const pairSignatures: readonly Signature[] = [
  {
    name: 'covariance',
    summary: 'covariance of two arrays: products are divided by n - ddof (0)',
    parameters,
    options: [{ name: 'ddof', kind: 'integer' }],
  },
  { name: 'correlation', summary: "Pearson's correlation of two arrays", parameters },
];
