import type { Signature } from '../signature.ts';

const x = { name: 'x', kind: 'array' } as const;
const over = { name: 'dimension', kind: 'name', optional: true, repeated: true } as const;
const along = { name: 'dimension', kind: 'name' } as const;

/** Where extremes are: an index, or a value of the coordinate. */
export const placeSignatures: readonly Signature[] = [
  {
    name: 'argmin',
    summary: 'index of the least value, from 0; row-major over several dimensions',
    parameters: [x, over],
  },
  {
    name: 'argmax',
    summary: 'index of the greatest value, from 0; row-major over several dimensions',
    parameters: [x, over],
  },
  { name: 'idxmin', summary: 'coordinate of the least value along a dimension', parameters: [x, along] },
  { name: 'idxmax', summary: 'coordinate of the greatest value along a dimension', parameters: [x, along] },
];
