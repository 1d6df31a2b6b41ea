import type { Signature } from '../signature.ts';

export const histogramSignature: Signature = {
  name: 'histogram',
  summary: 'how many values are in bins between ascending edges, which adds a dimension',
  parameters: [
    { name: 'x', kind: 'array' },
    { name: 'edges', kind: 'list' },
    { name: 'dimension', kind: 'name', optional: true, repeated: true },
  ],
};
