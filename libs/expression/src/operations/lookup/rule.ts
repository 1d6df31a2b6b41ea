import { allocateValues, type NumericValues } from '@hyperslab/array';
import type { BlockRule } from '../block-rule.ts';

/** Values of a table of one dimension, which is the second input, at the indices that the first one says. */
export const lookupRule: BlockRule<null> = {
  byElement: true,
  along: () => [],
  needs: (_parameters, _node, [, table], box) => [
    { input: 0, box },
    { input: 1, box: { origin: [0], shape: table.shape } },
  ],
  compute(_parameters, _node, { shape }, [indices, table]) {
    const count = indices.values.length;
    const values = allocateValues(table.dtype, count);
    const missing = Uint8Array.from({ length: count }, (_, i) => indices.mask?.[i] ?? 0);
    for (let i = 0; i < count; i++) {
      if (missing[i] !== 0) continue;
      const place = Number(indices.values[i]);
      values[i] = (table.values as NumericValues)[place];
      missing[i] = table.mask?.[place] ?? 0;
    }
    return { dtype: table.dtype, shape: [...shape], values, mask: missing.includes(1) ? missing : undefined };
  },
};
