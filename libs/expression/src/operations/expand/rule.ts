import { elementCount, type MaskedArray, type NumberArray } from '@hyperslab/array';
import { type Allocator, broadcast } from '@hyperslab/kernels';
import type { BlockRule } from '../block-rule.ts';

export interface ExpandParameters {
  /** The new dimension. */
  dimension: string;
}

/** A dimension more, along which all parts are the same. */
export const expandRule: BlockRule<ExpandParameters> = {
  byElement: true,
  along: ({ dimension }) => [dimension],
  needs({ dimension }, node, _inputs, { origin, shape }) {
    const axis = node.dimensions.indexOf(dimension);
    return [{ input: 0, box: { origin: origin.toSpliced(axis, 1), shape: shape.toSpliced(axis, 1) } }];
  },
  compute({ dimension }, node, { shape }, [part], memory) {
    const axis = node.dimensions.indexOf(dimension);
    const axes = [...shape.keys()].filter((each) => each !== axis);
    return { ...spread(part, axes, shape, memory), shape: [...shape] };
  },
  slice(parameters, node, { dimension, range, drop }) {
    if (drop) return undefined;
    return {
      parameters,
      dimensions: node.dimensions,
      shape: node.shape.with(node.dimensions.indexOf(dimension), range.count),
    };
  },
};

function spread(
  part: MaskedArray,
  axes: readonly number[],
  shape: readonly number[],
  memory: Allocator,
): MaskedArray {
  if (part.values.length !== 1) return broadcast(part, axes, shape, memory);
  // One element stands for all where things are computed, not where they are stored.
  const count = elementCount(shape);
  const values = memory.array(part.dtype, count) as NumberArray;
  values.fill(part.values[0] as number);
  const mask = part.mask && (memory.array('uint8', count) as Uint8Array).fill(part.mask[0]);
  return { dtype: part.dtype, shape: [...shape], values, mask };
}
