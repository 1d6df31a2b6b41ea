import type { Signature } from '../signature.ts';

export const trendSignature: Signature = {
  name: 'trend',
  summary: 'least-squares line over the coordinate of a dimension: its slope, or its value at 0',
  parameters: [
    { name: 'x', kind: 'array' },
    { name: 'dimension', kind: 'name' },
  ],
  options: [{ name: 'output', kind: 'word', words: ['slope', 'intercept'] }],
};
