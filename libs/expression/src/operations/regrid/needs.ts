import type { PlanNode } from '@hyperslab/proto/expression';
import type { Box } from '../../task/box.ts';
import type { Need } from '../block-rule.ts';
import type { FieldsGrid, RegridParameters } from './parameters.ts';
import type { Span } from './source-span.ts';

/** The box of the target's dimensions in one of a node. */
export function targetBox({ target }: RegridParameters, node: PlanNode, { origin, shape }: Box): Box {
  const axes = target.dimensions.map((name) => node.dimensions.indexOf(name));
  return { origin: axes.map((axis) => origin[axis]), shape: axes.map((axis) => shape[axis]) };
}

/** Dimensions of the first input that the target's come in the place of. */
export function replacedBy({ source, along }: RegridParameters): string[] {
  return [...(source?.dimensions ?? []), ...along.map(({ dimension }) => dimension)];
}

/**
 * What a box of a node needs: of the first input these spans of the dimensions that are replaced, all where none is told; and the
 * coordinates.
 */
export function regridNeeds(
  parameters: RegridParameters,
  node: PlanNode,
  inputs: readonly PlanNode[],
  box: Box,
  spans: ReadonlyMap<string, Span>,
): Need[] {
  const replaced = replacedBy(parameters);
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
    ...coordinateNeeds(parameters.source?.grid, inputs),
    ...coordinateNeeds(parameters.target.grid, inputs, targetBox(parameters, node, box)),
  ].sort((a, b) => a.input - b.input);
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
