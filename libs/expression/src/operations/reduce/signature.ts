import type { Signature } from '../signature.ts';

const weights = { name: 'weights', kind: 'array', words: ['area'] } as const;
const ddof = { name: 'ddof', kind: 'integer' } as const;

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
  reduction('prod', 'product'),
  reduction('min', 'least value'),
  reduction('max', 'greatest value'),
  reduction('median', 'middle value, or half-way between the two middle ones'),
  reduction('std', 'standard deviation: squares are divided by n - ddof (0)', ddof, weights),
  reduction('var', 'variance: squares are divided by n - ddof (0)', ddof, weights),
  reduction('count', 'how many values are neither missing nor NaN'),
  reduction('any', '1 where any value is not 0, else 0'),
  reduction('all', '1 where no value is 0, else 0'),
  reduction('first', 'first value that is neither missing nor NaN'),
  reduction('last', 'last value that is neither missing nor NaN'),
];
