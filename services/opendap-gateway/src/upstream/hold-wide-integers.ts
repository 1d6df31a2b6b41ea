import { decodeArray, elementCount, isBigInt, wholeSelection } from '@hyperslab/array';
import type { Dataset, Variable } from '@hyperslab/proto/cube';
import type { Upstream } from './upstream.ts';

/** Larger variables are not looked into. Clients that fetch what is small ahead of its use leave them alone. */
const mostElements = 65_536;

/**
 * A dataset that holds the values of its small 64-bit integer variables itself: only they tell whether Float64, which is
 * all that DAP2 has for them, will do. One value that it does not hold would break off the answer with everything that
 * netCDF clients fetch on opening.
 */
export async function holdWideIntegers(
  dataset: Dataset,
  read: Upstream['read'],
  signal: AbortSignal,
): Promise<Dataset> {
  const variables = await Promise.all(
    dataset.variables.map(async (variable) =>
      isSmallAndWide(variable) ? { ...variable, data: await valuesOf(variable) } : variable,
    ),
  );
  return { ...dataset, variables };

  async function valuesOf(variable: Variable): Promise<Variable['data']> {
    const ranges = wholeSelection(variable.shape);
    const parts: { data: Buffer[]; mask: Buffer[] } = { data: [], mask: [] };
    let wasMasked = false;
    for await (const { block, data, mask } of read({ dataset, variable, ranges, stored: false }, signal)) {
      wasMasked ||= block?.masked === true;
      parts.data.push(data);
      // Blocks without a mask among others have nothing missing.
      if (block && !block.masked) parts.mask.push(Buffer.alloc(elementCount(block.shape)));
      parts.mask.push(mask);
    }
    const value = {
      dtype: variable.dtype,
      shape: variable.shape,
      data: Buffer.concat(parts.data),
      mask: wasMasked ? Buffer.concat(parts.mask) : Buffer.alloc(0),
    };
    decodeArray(value);
    return { $case: 'inlineValues', value };
  }
}

function isSmallAndWide({ dtype, shape, data, notComputable }: Variable): boolean {
  return (
    isBigInt(dtype) &&
    notComputable === '' &&
    data?.$case === 'manifestArray' &&
    elementCount(shape) <= mostElements
  );
}
