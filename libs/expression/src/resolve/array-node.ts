import { encodeArray, type MaskedArray, regularRuns } from '@hyperslab/array';
import { Variable } from '@hyperslab/proto/cube';
import type { InferContext } from '../operations/operation.ts';
import { addRead } from './node-table.ts';

/** A node of values that are known now, and travel in the plan: weights, coordinates. Its dimensions are named. */
export function addArray(
  { table, sources }: Pick<InferContext, 'table' | 'sources'>,
  dimensions: readonly string[],
  array: MaskedArray,
): number {
  const { data, mask, ...rest } = encodeArray(array);
  const variable = Variable.fromPartial({
    // Sources of equal names are one to those who look at names; these have none in a file.
    name: `array ${sources.length}`,
    dtype: array.dtype,
    storedDtype: array.dtype,
    dimensions: [...dimensions],
    shape: array.shape,
    chunkGrid: array.shape.map((extent) => regularRuns(extent, Math.max(1, extent))),
    data: {
      $case: 'inlineValues',
      value: { ...rest, data: Buffer.from(data), mask: Buffer.from(mask) },
    },
  });
  const number = sources.push({ variable, manifest: undefined, dataset: '' }) - 1;
  return addRead(table, number, variable);
}
