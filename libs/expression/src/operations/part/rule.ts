import { composeRanges, copyRegion, elementCount, type IndexRange } from '@hyperslab/array';
import type { BlockRule } from '../block-rule.ts';

/** Indices along a dimension of the input, which the node has not when it is dropped. */
export interface PartParameters {
  dimension: string;
  range: IndexRange;
  drop: boolean;
}

/** A selection from values that are computed as if all were needed: where it can't be passed on to what they are made of. */
export const partRule: BlockRule<PartParameters> = {
  byElement: true,
  along: ({ dimension, drop }) => (drop ? [] : [dimension]),
  needs({ dimension, range, drop }, _node, [input], { origin, shape }) {
    const axis = input.dimensions.indexOf(dimension);
    if (drop) {
      const box = { origin: origin.toSpliced(axis, 0, range.start), shape: shape.toSpliced(axis, 0, 1) };
      return [{ input: 0, box }];
    }
    const first = range.start + origin[axis] * range.step;
    const extent = (shape[axis] - 1) * range.step + 1;
    return [{ input: 0, box: { origin: origin.with(axis, first), shape: shape.with(axis, extent) } }];
  },
  compute({ dimension, range, drop }, node, { shape }, [part], memory) {
    if (drop || range.step === 1) return { ...part, shape: [...shape] };
    const axis = node.dimensions.indexOf(dimension);
    const origin = shape.map(() => 0);
    const step = shape.map((_, i) => (i === axis ? range.step : 1));
    const from = { arrayShape: part.shape, origin, step };
    const to = { arrayShape: shape, origin };
    const count = elementCount(shape);
    const values = Array.isArray(part.values) ? new Array<string>(count) : memory.array(part.dtype, count);
    copyRegion(part.values, from, values, to, shape);
    if (part.mask === undefined) return { dtype: part.dtype, shape: [...shape], values };
    const mask = memory.array('uint8', count) as Uint8Array;
    copyRegion(part.mask, from, mask, to, shape);
    return { dtype: part.dtype, shape: [...shape], values, mask };
  },
  slice(parameters, node, { dimension, range, drop }) {
    const axis = node.dimensions.indexOf(dimension);
    return {
      parameters: { dimension, range: composeRanges(parameters.range, range), drop },
      dimensions: drop ? node.dimensions.toSpliced(axis, 1) : node.dimensions,
      shape: drop ? node.shape.toSpliced(axis, 1) : node.shape.with(axis, range.count),
    };
  },
};
