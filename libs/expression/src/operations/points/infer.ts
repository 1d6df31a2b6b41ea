import type { NumericType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { interpolatedType } from '@hyperslab/kernels';
import { addOperation, assertNumeric } from '../../resolve/node-table.ts';
import type { Infer } from '../operation.ts';
import { fieldsGrid } from '../regrid/coordinate-inputs.ts';
import type { RegridParameters } from '../regrid/parameters.ts';
import { pointCoordinates, wantedPoints } from './wanted-points.ts';

/** The dimension of points; it has no coordinate of its own. */
const dimension = 'points';

/** Values at single points, whose dimension comes where the first of those that they lie along was. */
export const inferPoints: Infer = async (context, given) => {
  const field = given.field('x');
  const node = context.table.nodes[field.node];
  assertNumeric(node, given.operation);
  const nearest = given.text('method') === 'nearest';
  const wanted = await wantedPoints(context, given, field);
  const { places, along, count } = wanted;
  const replaced = [...along.map(({ known }) => known.dimension), ...(places?.grid.dimensions ?? [])];
  const twice = replaced.find((name, i) => replaced.indexOf(name) !== i);
  if (twice !== undefined)
    throw invalid(`"points": dimension "${twice}" is that of the places and of another list; name one`);
  if (places && !nearest && places.grid.axes === undefined && places.grid.dimensions.length === 1)
    throw invalid(
      '"points": points along one dimension have no neighbours to be linear between; use method=nearest',
    );
  const inputs = [field.node];
  const parameters: RegridParameters = {
    order: node.dimensions,
    ...(places && {
      source: {
        dimensions: places.grid.dimensions,
        grid: places.grid.axes ?? (await fieldsGrid(context, places.grid, inputs, 'bilinear')),
      },
    }),
    target: {
      dimensions: [dimension],
      ...(places && { grid: { kind: 'list', latitudes: places.latitudes, longitudes: places.longitudes } }),
    },
    along: along.map(({ known, targets }) => ({
      dimension: known.dimension,
      source: known.axis,
      target: { points: targets },
      method: nearest ? 'nearest' : 'linear',
    })),
    method: nearest ? 'nearest' : 'bilinear',
    tolerated: 0,
  };
  const first = node.dimensions.findIndex((name) => replaced.includes(name));
  const extents = new Map(node.dimensions.map((name, axis) => [name, node.shape[axis]]));
  const others = node.dimensions.filter((name) => !replaced.includes(name));
  if (others.includes(dimension)) throw invalid(`"points": the array has a dimension "${dimension}" already`);
  const dimensions = others.toSpliced(first, 0, dimension);
  const made = pointCoordinates(wanted, dimension);
  return {
    ...field,
    node: addOperation(context.table, 'regrid', inputs, parameters, {
      dtype: interpolatedType(node.dtype as NumericType, nearest),
      dimensions,
      shape: dimensions.map((name) => (name === dimension ? count : extents.get(name)!)),
    }),
    coordinates: [
      ...field.coordinates.filter(
        (each) =>
          !each.dimensions.some((name) => replaced.includes(name)) &&
          !made.some(({ name }) => name === each.name),
      ),
      ...made,
    ],
  };
};

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
