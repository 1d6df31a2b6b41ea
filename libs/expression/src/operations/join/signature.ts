import type { Signature } from '../signature.ts';

const parts = { name: 'x', kind: 'array', repeated: true } as const;

/** Arrays side by side. */
export const joinSignatures: readonly Signature[] = [
  {
    name: 'concat',
    summary: 'arrays one after the other along a dimension that all have',
    parameters: [parts],
    options: [{ name: 'along', kind: 'name', required: true }],
  },
  {
    name: 'stack',
    summary: 'arrays of equal dimensions along a new first one, with these values',
    parameters: [parts],
    byName: { kind: 'list' },
  },
  {
    name: 'ensemble',
    summary:
      'arrays of equal dimensions as members of a new first one, by their scalar coordinate realization (name=), else numbered from 0',
    parameters: [parts],
    options: [{ name: 'name', kind: 'name' }],
  },
  {
    name: 'best',
    summary: 'of forecasts of several runs, for each time that of the latest run that has it',
    parameters: [parts],
  },
];
