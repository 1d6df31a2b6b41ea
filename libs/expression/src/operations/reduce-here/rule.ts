import type { MaskedArray, NumericType } from '@hyperslab/array';
import { type ReductionParameters, reductionKind } from '@hyperslab/kernels';
import { projectBox } from '../../task/box.ts';
import { partOfArray } from '../../task/tile-parts.ts';
import type { BlockRule } from '../block-rule.ts';

/** A reduction that is computed with what takes it in. */
export interface ReduceHere {
  operation: string;
  /** Dimensions of the first input that are reduced. */
  dimensions: string[];
  parameters: ReductionParameters;
}

/** The planner makes it of reductions whose input is read by the same tasks anyway: it is then read and decoded once. */
export const reduceHereRule: BlockRule<ReduceHere> = {
  along: ({ dimensions }) => dimensions,
  whole: ({ dimensions }) => dimensions,
  inParts: true,
  needs(_parameters, node, [input, ...others], box) {
    const place = input.dimensions.map((name) => node.dimensions.indexOf(name));
    const whole = {
      origin: place.map((axis) => (axis < 0 ? 0 : box.origin[axis])),
      shape: place.map((axis, own) => (axis < 0 ? input.shape[own] : box.shape[axis])),
    };
    const aligned = others.map((other, i) => ({
      input: i + 1,
      box: projectBox(whole, input.dimensions, other.dimensions),
    }));
    return [{ input: 0, box: whole }, ...aligned];
  },
  compute({ operation, dimensions, parameters }, node, box, [part, ...others], memory, inputs): MaskedArray {
    const [input, ...rest] = inputs;
    const axes = dimensions.map((name) => input.dimensions.indexOf(name)).sort((a, b) => a - b);
    const kept = input.shape.length - axes.length;
    const partial = reductionKind(operation).create({
      dtype: part.dtype as NumericType,
      otherTypes: others.map(({ dtype }) => dtype as NumericType),
      shape: box.shape.slice(0, kept),
      total: axes.reduce((product, axis) => product * part.shape[axis], 1),
      parameters,
      memory,
    });
    const operands = others.map((array, i) => ({
      array,
      axes: rest[i].dimensions.map((name) => input.dimensions.indexOf(name)),
    }));
    const zeros = (of: readonly unknown[]) => of.map(() => 0);
    partial.add(part, operands, axes, zeros(input.shape.slice(axes.length)), zeros(input.shape));
    // What a reduction adds, such as percentiles, it makes all of, where perhaps only some is selected.
    const shape = [...box.shape.slice(0, kept), ...node.shape.slice(kept)];
    const all = { ...partial.finish(), dtype: node.dtype as NumericType, shape };
    const origin = box.origin.map((start, axis) => (axis < kept ? 0 : start));
    return partOfArray(all, { origin, shape: [...box.shape] }, memory);
  },
};
