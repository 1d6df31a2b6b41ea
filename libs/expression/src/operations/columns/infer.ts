import type { NumericType } from '@hyperslab/array';
import { isPressure } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { type ColumnMethod, interpolatedType, isMonotonic } from '@hyperslab/kernels';
import { textOf } from '../../resolve/attributes.ts';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { mergeCoordinates } from '../../resolve/merge-coordinates.ts';
import { addOperation, assertNumeric } from '../../resolve/node-table.ts';
import { dimensionNamed } from '../../resolve/reduce-field.ts';
import type { Arguments } from '../arguments.ts';
import type { InferContext } from '../operation.ts';
import type { ColumnParameters } from './rule.ts';

/**
 * An array at heights (pressures, …) that another one has for each of its elements, as fields on hybrid levels have them. The
 * dimension keeps its name; its coordinate is now of the heights, in their units.
 */
export async function interpolateOnto(
  context: InferContext,
  given: Arguments,
  field: Field,
  onto: Field,
  method: ColumnMethod,
): Promise<Field> {
  const { table, read } = context;
  const [node, heights] = [table.nodes[field.node], table.nodes[onto.node]];
  assertNumeric(heights, given.operation);
  const named = given.byName();
  if (named.length !== 1)
    throw invalid('"interpolate" with onto= takes one dimension with values, as level=[85000, 50000]');
  const [[name, value]] = named;
  const dimension = dimensionNamed(context, field, name);
  const targets = (typeof value === 'object' ? value : [value]).map(Number);
  if (targets.length === 0 || !targets.every(Number.isFinite))
    throw invalid(`"${name}": expected numbers in the units of onto=, "${onto.units}"`);
  if (method === 'log' && targets.some((target) => target <= 0))
    throw invalid(`"${name}" has values that are not above 0, which have no logarithm; use method=linear`);
  assertWithin(node, heights, dimension);
  const parameters: ColumnParameters = {
    dimension,
    levels: node.shape[node.dimensions.indexOf(dimension)],
    targets,
    method,
    heights: heights.dimensions,
  };
  const merged = await mergeCoordinates([field, onto], read);
  const others = merged.filter((coordinate) => !coordinate.dimensions.includes(dimension));
  const coordinate = heightCoordinate(onto, dimension, Float64Array.from(targets));
  return {
    ...field,
    node: addOperation(table, 'columns', [field.node, onto.node], parameters, {
      dtype: interpolatedType(node.dtype as NumericType, method === 'nearest'),
      dimensions: node.dimensions,
      shape: node.dimensions.map((each, axis) => (each === dimension ? targets.length : node.shape[axis])),
    }),
    coordinates: [...others.filter((each) => each.name !== coordinate.name), coordinate],
  };
}

interface Extents {
  dimensions: readonly string[];
  shape: readonly number[];
}

function assertWithin(array: Extents, heights: Extents, dimension: string): void {
  const has = (of: Extents) => of.dimensions.map((name, axis) => `${name}=${of.shape[axis]}`).join(', ');
  const fits = heights.dimensions.every((name, axis) => {
    const own = array.dimensions.indexOf(name);
    return own >= 0 && array.shape[own] === heights.shape[axis];
  });
  if (fits && heights.dimensions.includes(dimension)) return;
  throw invalid(
    `onto= of "interpolate" has ${has(heights) || 'no dimensions'}; expected "${dimension}" and none that the array has not, which has ${has(array)}`,
  );
}

function heightCoordinate(onto: Field, dimension: string, targets: Float64Array): FieldCoordinate {
  const array = { dtype: 'float64' as const, shape: [targets.length], values: targets };
  const standardName = textOf(onto.attributes, 'standard_name');
  return {
    name: onto.name || dimension,
    standardName,
    units: onto.units,
    calendar: '',
    axis: 'Z',
    positive: directionOf(standardName, onto.units),
    dimensions: [dimension],
    isDimension: isMonotonic(targets),
    values: { dimensions: [dimension], from: { array } },
  };
}

/** Where values of a quantity grow to (CF section 4.3); empty where its name and units do not tell. */
function directionOf(standardName: string, units: string): string {
  if (isPressure(units) || /(^|_)(pressure|depth)(_|$)/.test(standardName)) return 'down';
  return /(^|_)(height|altitude)(_|$)/.test(standardName) ? 'up' : '';
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
