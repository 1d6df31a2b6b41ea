import type { Signature } from '../signature.ts';

export const percentileSignature: Signature = {
  name: 'percentile',
  summary: 'percentiles, linear between values: one, or a list, which adds a dimension',
  parameters: [
    { name: 'x', kind: 'array' },
    { name: 'percentile', kind: 'list' },
    { name: 'dimension', kind: 'name', optional: true, repeated: true },
  ],
  options: [{ name: 'method', kind: 'word', words: ['exact', 'tdigest'] }],
};
