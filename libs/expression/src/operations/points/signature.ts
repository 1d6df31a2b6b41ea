import type { Signature } from '../signature.ts';

export const pointsSignature: Signature = {
  name: 'points',
  summary: 'values at places, or along a trajectory: lists of equal length, one value for each point',
  parameters: [{ name: 'x', kind: 'array' }],
  options: [
    { name: 'latitude', kind: 'list' },
    { name: 'longitude', kind: 'list' },
    { name: 'method', kind: 'word', words: ['linear', 'nearest'] },
  ],
  byName: { kind: 'list' },
};
