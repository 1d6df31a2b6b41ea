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

const known = new WeakMap<InterpolateParameters, SparseRows[]>();

/** Weights of each axis, made once for the parameters of a plan. */
function rowsOf(parameters: InterpolateParameters): SparseRows[] {
  let rows = known.get(parameters);
  if (rows === undefined) {
    rows = parameters.axes.map(axisRows);
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
  const rows = rowsOf(parameters);
  return parameters.axes.map(({ to }, i) => {
    const axis = node.dimensions.indexOf(to);
    const span = sourceSpan(rows[i], origin[axis], shape[axis]);
    return { axis, rows: rows[i], span: { start: span.start, count: Math.max(1, span.count) } };
  });
}
