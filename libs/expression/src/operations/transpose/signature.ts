import type { Signature } from '../signature.ts';

export const transposeSignature: Signature = {
  name: 'transpose',
  summary: 'dimensions in the order that is named, all of them; without names the other way round',
  parameters: [
    { name: 'x', kind: 'array' },
    { name: 'dimension', kind: 'name', optional: true, repeated: true },
  ],
};
