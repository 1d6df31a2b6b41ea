import type { Signature } from '../signature.ts';

const weights = { name: 'weights', kind: 'array', words: ['area'] } as const;

function reduction(name: string, summary: string, ...options: Signature['options'] & object): Signature {
  return {
    name,
    summary,
    parameters: [
      { name: 'x', kind: 'array' },
      { name: 'dimension', kind: 'name', optional: true, repeated: true },
    ],
    options,
  };
}

/** Reductions over named dimensions, or over all. */
export const reductionSignatures: readonly Signature[] = [
  reduction('mean', 'arithmetic mean', weights),
  reduction('sum', 'sum', weights),
  reduction('min', 'least value'),
  reduction('max', 'greatest value'),
  reduction('std', 'standard deviation, of the population', weights),
  reduction('var', 'variance, of the population', weights),
  reduction('count', 'how many values are neither missing nor NaN'),
];
