import type { Signature } from '../signature.ts';

export const diffSignature: Signature = {
  name: 'diff',
  summary: 'differences of neighbours along a dimension, taken n times (1)',
  parameters: [
    { name: 'x', kind: 'array' },
    { name: 'dimension', kind: 'name' },
  ],
  options: [{ name: 'n', kind: 'integer' }],
};
