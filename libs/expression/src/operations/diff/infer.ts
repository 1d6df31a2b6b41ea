import { HyperslabError } from '@hyperslab/errors';
import { addOperation, assertNumeric } from '../../resolve/node-table.ts';
import { dimensionNamed } from '../../resolve/reduce-field.ts';
import { sliceCoordinates } from '../../resolve/slice-coordinates.ts';
import { unitsOfDifferences } from '../../resolve/units-of-call.ts';
import type { Infer } from '../operation.ts';

/** Each difference may double what rounding leaves of the one before: float64 has no digit left after so many. */
const mostTimes = 64;

/** Differences are at the second of two neighbours, as in xarray. */
export const inferDiff: Infer = async (context, given) => {
  const field = given.field('x');
  const { table, read } = context;
  const node = table.nodes[field.node];
  const n = given.number('n') ?? 1;
  const dimension = dimensionNamed(context, field, given.text('dimension')!);
  const axis = node.dimensions.indexOf(dimension);
  const length = node.shape[axis];
  if (length < 2) throw invalid(`"diff" along "${dimension}": it has no neighbours; it is ${length} long`);
  if (n < 1 || n >= length)
    throw invalid(`n=${n} of "diff": expected 1 to ${length - 1}, because "${dimension}" has ${length}`);
  if (n > mostTimes)
    throw invalid(`n=${n} of "diff": expected 1 to ${mostTimes}; of float64 rounding leaves nothing then`);
  assertNumeric(node, 'diff');
  const range = { start: n, count: length - n, step: 1 };
  return {
    node: addOperation(
      table,
      'diff',
      [field.node],
      { dimension, n },
      { ...node, shape: node.shape.with(axis, length - n) },
    ),
    name: '',
    units: unitsOfDifferences(field.units),
    attributes: [],
    coordinates: await sliceCoordinates(field.coordinates, { dimension, range, drop: false }, read),
  };
};

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
