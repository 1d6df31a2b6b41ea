import type { Signature } from '../signature.ts';

export const squeezeSignature: Signature = {
  name: 'squeeze',
  summary: 'without dimensions of one index: those that are named, or all',
  parameters: [
    { name: 'x', kind: 'array' },
    { name: 'dimension', kind: 'name', optional: true, repeated: true },
  ],
};
