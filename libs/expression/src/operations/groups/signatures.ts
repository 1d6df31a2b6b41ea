import type { Signature } from '../signature.ts';

const x = { name: 'x', kind: 'array' } as const;
const reduction = { name: 'reduction', kind: 'reduction' } as const;

/** Reductions in groups along dimensions. */
export const groupSignatures: readonly Signature[] = [
  {
    name: 'coarsen',
    summary: 'blocks of so many neighbours along dimensions, each reduced to one',
    parameters: [x, reduction],
    options: [{ name: 'boundary', kind: 'word', words: ['exact', 'trim', 'pad'] }],
    byName: { kind: 'integer' },
  },
  {
    name: 'resample',
    summary: 'stretches of time, as 6h, 1D, 1M, QS-DEC or YS, each reduced to one',
    parameters: [x, reduction],
    byName: { kind: 'text' },
  },
  {
    name: 'group',
    summary:
      'groups by a part of time (season, month, hour …) or by values of a coordinate, each reduced to one',
    parameters: [x, reduction],
    byName: { kind: 'text' },
  },
  {
    name: 'climatology',
    summary: 'mean of each group: of each month of all years, for instance',
    parameters: [x],
    byName: { kind: 'text' },
  },
  {
    name: 'anomaly',
    summary: 'x less the mean of its group',
    parameters: [x],
    byName: { kind: 'text' },
  },
];
