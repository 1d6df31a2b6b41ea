import type { Signature } from '../signature.ts';

const x = { name: 'x', kind: 'array' } as const;
const reduction = { name: 'reduction', kind: 'reduction' } as const;
const weights = { name: 'weights', kind: 'array', words: ['area'] } as const;
/** Of the reductions that have them. */
const ofReduction = [
  weights,
  { name: 'ddof', kind: 'integer' },
  { name: 'percentile', kind: 'list' },
  { name: 'method', kind: 'word', words: ['exact', 'tdigest'] },
] as const;

/** Reductions in groups along dimensions. */
export const groupSignatures: readonly Signature[] = [
  {
    name: 'coarsen',
    summary: 'blocks of so many neighbours along dimensions, each reduced to one',
    parameters: [x, reduction],
    options: [{ name: 'boundary', kind: 'word', words: ['exact', 'trim', 'pad'] }, ...ofReduction],
    byName: { kind: 'integer' },
  },
  {
    name: 'resample',
    summary: 'stretches of time, as 6h, 1D, 1M, QS-DEC or YS, each reduced to one',
    parameters: [x, reduction],
    options: ofReduction,
    byName: { kind: 'text' },
  },
  {
    name: 'group',
    summary:
      'groups by a part of time (season, month, hour …) or by values of a coordinate, each reduced to one',
    parameters: [x, reduction],
    options: ofReduction,
    byName: { kind: 'text' },
  },
  {
    name: 'climatology',
    summary: 'mean of each group: of each month of all years, for instance',
    parameters: [x],
    options: [weights],
    byName: { kind: 'text' },
  },
  {
    name: 'anomaly',
    summary: 'x less the mean of its group',
    parameters: [x],
    options: [weights],
    byName: { kind: 'text' },
  },
];
