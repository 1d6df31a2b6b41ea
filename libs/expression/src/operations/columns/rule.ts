import { broadcast, type ColumnMethod, interpolateColumns } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { Box } from '../../task/box.ts';
import type { BlockRule } from '../block-rule.ts';

export interface ColumnParameters {
  dimension: string;
  /** How many elements the inputs have along it. */
  levels: number;
  targets: readonly number[];
  method: ColumnMethod;
  /** Dimensions of the heights, which are some of the array's. */
  heights: readonly string[];
}

/** Interpolation of its first input to heights which its second one has: whole columns of both. */
export const columnsRule: BlockRule<ColumnParameters> = {
  along: ({ dimension }) => [dimension],
  needs({ dimension, levels, heights }, node, _inputs, box) {
    const columns = columnBox(node, box, dimension, levels);
    const axes = axesOf(heights, node);
    const own = { origin: axes.map((i) => columns.origin[i]), shape: axes.map((i) => columns.shape[i]) };
    return [
      { input: 0, box: columns },
      { input: 1, box: own },
    ];
  },
  compute({ dimension, targets, method, heights }, node, { origin, shape }, [array, column]) {
    const axis = node.dimensions.indexOf(dimension);
    const wanted = targets.slice(origin[axis], origin[axis] + shape[axis]);
    const spread = spreadTo(column, axesOf(heights, node), array.shape);
    return interpolateColumns(array, spread, axis, Float64Array.from(wanted), method);
  },
};

function columnBox(node: PlanNode, { origin, shape }: Box, dimension: string, levels: number): Box {
  const axis = node.dimensions.indexOf(dimension);
  return { origin: origin.with(axis, 0), shape: shape.with(axis, levels) };
}

/** Numbers of the dimensions of heights; those that a selection dropped are in neither. */
function axesOf(heights: readonly string[], node: PlanNode): number[] {
  return heights.map((name) => node.dimensions.indexOf(name)).filter((axis) => axis >= 0);
}

/** Heights of every element. One element alone is not spread by `broadcast`. */
function spreadTo(
  heights: Parameters<typeof broadcast>[0],
  axes: readonly number[],
  shape: readonly number[],
): Parameters<typeof broadcast>[0] {
  const spread = broadcast(heights, axes, shape);
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (spread.values.length === count) return spread;
  const values = Float64Array.from({ length: count }, () => Number(spread.values[0]));
  const mask = spread.mask && new Uint8Array(count).fill(spread.mask[0]);
  return { dtype: 'float64', shape: [...shape], values, mask };
}
