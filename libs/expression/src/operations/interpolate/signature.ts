import type { Signature } from '../signature.ts';

export const interpolateSignature: Signature = {
  name: 'interpolate',
  summary: 'values between those along dimensions, or between heights that another array has (onto)',
  parameters: [{ name: 'x', kind: 'array' }],
  options: [
    { name: 'method', kind: 'word', words: ['linear', 'log', 'nearest'] },
    { name: 'onto', kind: 'array' },
  ],
  byName: { kind: 'list' },
};
