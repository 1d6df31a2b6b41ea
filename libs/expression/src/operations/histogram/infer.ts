import { HyperslabError } from '@hyperslab/errors';
import { textOf } from '../../resolve/attributes.ts';
import { freshName, madeCoordinate } from '../../resolve/made-coordinate.ts';
import { dimensionsNamed, reduceField } from '../../resolve/reduce-field.ts';
import type { Arguments } from '../arguments.ts';
import type { Infer } from '../operation.ts';

const mostEdges = 10_000;

/** Counts in bins over dimensions. The last dimension is that of bins, with their middles and bounds in units of the array. */
export const inferHistogram: Infer = async (context, given) => {
  const field = given.field('x');
  const edges = edgesOf(given);
  const { dimensions } = context.table.nodes[field.node];
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  const name = freshName(field.name === '' ? 'bin' : `${field.name}_bin`, dimensions, field);
  const bins = edges.length - 1;
  const result = await reduceField(context, field, reduced, {
    operation: 'histogram',
    parameters: { edges },
    added: { dimensions: [name], shape: [bins] },
    units: '1',
  });
  const middles = Array.from({ length: bins }, (_, i) => (edges[i] + edges[i + 1]) / 2);
  const bounds = Float64Array.from({ length: 2 * bins }, (_, i) => edges[(i + (i % 2)) / 2]);
  const coordinate = madeCoordinate(name, middles, {
    standardName: textOf(field.attributes, 'standard_name'),
    units: field.units,
    bounds: {
      dimensions: [name, 'bnds'],
      from: { array: { dtype: 'float64', shape: [bins, 2], values: bounds } },
    },
  });
  return { ...result, coordinates: [...result.coordinates, coordinate] };
};

function edgesOf(given: Arguments): readonly number[] {
  const edges = given.list('edges') ?? [];
  const ascending = edges.every(
    (edge, i) => typeof edge === 'number' && (i === 0 || edge > Number(edges[i - 1])),
  );
  if (ascending && edges.length >= 2 && edges.length <= mostEdges) return edges as readonly number[];
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `edges of "histogram": expected 2 to ${mostEdges} ascending numbers, as [250, 260, 270]`,
  );
}
