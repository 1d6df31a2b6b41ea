import { interpolateTogether } from '@hyperslab/kernels';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { Box } from '../../task/box.ts';
import type { BlockRule, Need } from '../block-rule.ts';
import type { FieldsGrid, RegridParameters } from './parameters.ts';
import { spansNeeded, weightsOf } from './weights.ts';

/**
 * Values at places of a grid or list, of an input on another grid, and along other dimensions at the same time. Further inputs are
 * the latitudes and longitudes of grids that have a field of each.
 */
export const regridRule: BlockRule<RegridParameters> = {
  along: ({ target }) => target.dimensions,
  needs(parameters, node, inputs, box) {
    const { source, target, along } = parameters;
    const targets = targetBox(parameters, node, box);
    const spans = spansNeeded(parameters, targets);
    const replaced = [...(source?.dimensions ?? []), ...along.map(({ dimension }) => dimension)];
    const own: Box = { origin: [], shape: [] };
    inputs[0].dimensions.forEach((name, axis) => {
      const span = spans.get(name);
      const at = node.dimensions.indexOf(name);
      if (!replaced.includes(name)) push(own, box.origin[at], box.shape[at]);
      else if (span !== undefined) push(own, span.start, span.count);
      else push(own, 0, inputs[0].shape[axis]);
    });
    return [
      { input: 0, box: own },
      ...coordinateNeeds(source?.grid, inputs),
      ...coordinateNeeds(target.grid, inputs, targets),
    ].sort((a, b) => a.input - b.input);
  },
  compute(parameters, node, box, parts) {
    const { order, method, tolerated, source, along } = parameters;
    const targets = targetBox(parameters, node, box);
    const { spans, rows } = weightsOf(parameters, targets, parts);
    const replaced = [...(source?.dimensions ?? []), ...along.map(({ dimension }) => dimension)];
    const dimensions = order.filter((name) => replaced.includes(name) || node.dimensions.includes(name));
    const axes = spans.map(({ dimension }) => dimensions.indexOf(dimension));
    const takes = method === 'nearest' && along.every((each) => each.method === 'nearest');
    return interpolateTogether(parts[0], axes, rows, targets.shape, { takes, tolerated });
  },
};

function targetBox({ target }: RegridParameters, node: PlanNode, { origin, shape }: Box): Box {
  const axes = target.dimensions.map((name) => node.dimensions.indexOf(name));
  return { origin: axes.map((axis) => origin[axis]), shape: axes.map((axis) => shape[axis]) };
}

/** The latitudes and longitudes of a grid that has fields of them: all, or those of a box. */
function coordinateNeeds(grid: { kind: string } | undefined, inputs: readonly PlanNode[], box?: Box): Need[] {
  if (grid?.kind !== 'fields') return [];
  const { latitude, longitude, bounds } = grid as FieldsGrid;
  const numbers = [latitude, longitude, ...(bounds ? [bounds.latitude, bounds.longitude] : [])];
  return numbers.map((input) => {
    const { shape } = inputs[input];
    if (box === undefined) return { input, box: { origin: shape.map(() => 0), shape: [...shape] } };
    const corners = shape.slice(box.shape.length);
    return {
      input,
      box: { origin: [...box.origin, ...corners.map(() => 0)], shape: [...box.shape, ...corners] },
    };
  });
}

function push(box: Box, start: number, count: number): void {
  box.origin.push(start);
  box.shape.push(count);
}
