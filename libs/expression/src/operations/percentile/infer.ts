import { HyperslabError } from '@hyperslab/errors';
import { freshName, madeCoordinate } from '../../resolve/made-coordinate.ts';
import { dimensionsNamed, reduceField } from '../../resolve/reduce-field.ts';
import type { Arguments } from '../arguments.ts';
import type { Infer } from '../operation.ts';

const mostPercentiles = 1000;

/** Percentiles over dimensions; which they are is a coordinate of the result, in percent. */
export const inferPercentile: Infer = async (context, given) => {
  const field = given.field('x');
  const percentiles = percentilesOf(given);
  const { dimensions } = context.table.nodes[field.node];
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  const name = freshName('percentile', dimensions, field);
  const isList = typeof percentiles !== 'number';
  const result = await reduceField(context, field, reduced, {
    operation: given.text('method') === 'tdigest' ? 'approximate_percentile' : 'percentile',
    parameters: { percentiles },
    added: isList ? { dimensions: [name], shape: [percentiles.length] } : undefined,
    units: field.units,
    keepsReading: true,
    keepsNames: true,
  });
  const coordinate = madeCoordinate(name, percentiles, { units: '%' });
  return { ...result, coordinates: [...result.coordinates, coordinate] };
};

function percentilesOf(given: Arguments): number | number[] {
  const value = given.value('percentile');
  const list = typeof value === 'object' ? value : [value];
  const wrong = list.find((each) => typeof each !== 'number' || !(each >= 0 && each <= 100));
  if (wrong !== undefined)
    throw new HyperslabError('EXPRESSION_INVALID', `percentile ${wrong}: expected a number from 0 to 100`);
  if (list.length < 1 || list.length > mostPercentiles)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"percentile" has ${list.length} percentiles; expected 1 to ${mostPercentiles}`,
    );
  return value as number | number[];
}
