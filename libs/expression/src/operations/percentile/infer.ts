import { HyperslabError } from '@hyperslab/errors';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { freshName, madeCoordinate } from '../../resolve/made-coordinate.ts';
import { dimensionsNamed, type FieldReduction, reduceField } from '../../resolve/reduce-field.ts';
import type { Arguments } from '../arguments.ts';
import type { Infer, InferContext } from '../operation.ts';

const mostPercentiles = 1000;

/** Percentiles over dimensions; which they are is a coordinate of the result, in percent. */
export const inferPercentile: Infer = async (context, given) => {
  const field = given.field('x');
  const reduced = dimensionsNamed(context, field, given.texts('dimension'));
  const { coordinate, ...reduction } = percentileReduction(context, given, field);
  const result = await reduceField(context, field, reduced, reduction);
  return { ...result, coordinates: [...result.coordinates, coordinate] };
};

/** Percentiles as a reduction, and their coordinate: along the dimension that a list adds. */
export function percentileReduction(
  { table }: InferContext,
  given: Arguments,
  field: Field,
): FieldReduction & { coordinate: FieldCoordinate } {
  const percentiles = percentilesOf(given);
  const name = freshName('percentile', table.nodes[field.node].dimensions, field);
  const isList = typeof percentiles !== 'number';
  return {
    operation: given.text('method') === 'tdigest' ? 'approximate_percentile' : 'percentile',
    parameters: { percentiles },
    added: isList ? { dimensions: [name], shape: [percentiles.length] } : undefined,
    units: field.units,
    keepsReading: true,
    keepsNames: true,
    coordinate: madeCoordinate(name, percentiles, { units: '%' }),
  };
}

function percentilesOf(given: Arguments): number | number[] {
  const value = given.value('percentile');
  if (value === undefined)
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `${given.operation}: expected percentile=90, or a list of them`,
    );
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
