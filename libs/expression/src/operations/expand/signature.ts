import type { Signature } from '../signature.ts';

export const expandSignature: Signature = {
  name: 'expand',
  summary: 'a new first dimension: of a scalar coordinate, or with the value or values that are given',
  parameters: [
    { name: 'x', kind: 'array' },
    { name: 'coordinate', kind: 'name', optional: true, repeated: true },
  ],
  byName: { kind: 'list' },
};
