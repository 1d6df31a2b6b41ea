import { interpolateAxes, partOfRows, type SparseRows, sourceSpan } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { Box } from '../../task/box.ts';
import type { BlockRule } from '../block-rule.ts';
import { type AxisInterpolation, axisRows } from './axis-parameters.ts';

/** A dimension of the input, and the one of the node that comes in its place. */
interface DimensionInterpolation extends AxisInterpolation {
  from: string;
  to: string;
}

export interface InterpolateParameters {
  axes: readonly DimensionInterpolation[];
  /** Part of a target that may be missing, 0 to 1. */
  tolerated: number;
}

const known = new WeakMap<InterpolateParameters, { to: string; rows: SparseRows }[]>();

/**
 * Weights of each axis, made once for the parameters of a plan. First comes the axis that leaves least to be done for the others;
 * parts of a result are computed in the order of the whole, and so have its bits.
 */
function rowsOf(parameters: InterpolateParameters): { to: string; rows: SparseRows }[] {
  let rows = known.get(parameters);
  if (rows === undefined) {
    const growth = ({ source, target }: AxisInterpolation) => target.points.length / source.points.length;
    const order = [...parameters.axes].sort((a, b) => growth(a) - growth(b));
    rows = order.map((each) => ({ to: each.to, rows: axisRows(each) }));
    known.set(parameters, rows);
  }
  return rows;
}

/** Interpolation along dimensions, each for itself: of an input with the same dimensions, or others of the same number. */
export const interpolateRule: BlockRule<InterpolateParameters> = {
  along: ({ axes }) => axes.map(({ to }) => to),
  needs(parameters, node, _inputs, box) {
    const needed: Box = { origin: [...box.origin], shape: [...box.shape] };
    for (const { axis, span } of partsOf(parameters, node, box)) {
      needed.origin[axis] = span.start;
      needed.shape[axis] = span.count;
    }
    return [{ input: 0, box: needed }];
  },
  compute(parameters, node, box, [part]) {
    const axes = partsOf(parameters, node, box).map(({ axis, rows, span }) => ({
      axis,
      rows: partOfRows(rows, box.origin[axis], box.shape[axis], span.start),
    }));
    const takes = parameters.axes.every(({ method }) => method === 'nearest');
    return interpolateAxes(part, axes, { takes, tolerated: parameters.tolerated });
  },
};

/** For each axis: its number in the node, which is that in the input, its weights, and what a box needs along it. */
function partsOf(parameters: InterpolateParameters, node: PlanNode, { origin, shape }: Box) {
  return rowsOf(parameters).map(({ to, rows }) => {
    const axis = node.dimensions.indexOf(to);
    const span = sourceSpan(rows, origin[axis], shape[axis]);
    return { axis, rows, span: { start: span.start, count: Math.max(1, span.count) } };
  });
}
