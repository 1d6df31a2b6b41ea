import type { MaskedArray, NumericType, NumericValues } from '@hyperslab/array';
import { convert } from '@hyperslab/kernels';
import type { BlockRule } from '../block-rule.ts';

/** Values in the type of the node, which holds them all. */
export const castRule: BlockRule<unknown> = {
  byElement: true,
  along: () => [],
  needs: (_parameters, _node, _inputs, box) => [{ input: 0, box }],
  compute(_parameters, { dtype }, { shape }, [{ dtype: from, values, mask }]): MaskedArray {
    const cast = convert(values as NumericValues, from, dtype);
    return { dtype: dtype as NumericType, shape: [...shape], values: cast, mask };
  },
};
