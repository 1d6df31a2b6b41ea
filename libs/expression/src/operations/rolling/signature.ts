import { rollingNames } from '@hyperslab/kernels';
import type { Signature } from '../signature.ts';

export const rollingSignature: Signature = {
  name: 'rolling',
  summary: 'a reduction of the window of n neighbours that ends at each element, or has it in its middle',
  parameters: [
    { name: 'x', kind: 'array' },
    { name: 'operation', kind: 'word', words: rollingNames },
  ],
  options: [
    { name: 'center', kind: 'word', words: ['true', 'false'] },
    { name: 'min_periods', kind: 'integer' },
  ],
  byName: { kind: 'integer' },
};
