import type { Signature } from '../signature.ts';

export const regridSignature: Signature = {
  name: 'regrid',
  summary:
    'values on another horizontal grid: of an array (like), of lists of degrees, or global of even cells (step)',
  parameters: [{ name: 'x', kind: 'array' }],
  options: [
    { name: 'like', kind: 'array' },
    { name: 'latitude', kind: 'list' },
    { name: 'longitude', kind: 'list' },
    { name: 'step', kind: 'list' },
    { name: 'method', kind: 'word', words: ['bilinear', 'nearest', 'conservative', 'conservative2'] },
    { name: 'mdtol', kind: 'number' },
  ],
};
