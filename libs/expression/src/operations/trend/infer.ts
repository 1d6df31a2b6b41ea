import { addCoordinate } from '../../resolve/coordinate-node.ts';
import { dimensionNamed, reduceField } from '../../resolve/reduce-field.ts';
import { unitsOfDifferences, unitsOfProduct } from '../../resolve/units-of-call.ts';
import type { Infer } from '../operation.ts';

/** The slope in units of the array for a unit of the coordinate, which for times is that before `since`; the intercept in those of the array. */
export const inferTrend: Infer = async (context, given) => {
  const field = given.field('x');
  const dimension = dimensionNamed(context, field, given.text('dimension')!);
  const { coordinate, node } = await addCoordinate(context, 'trend', field, dimension);
  const operation = given.text('output') ?? 'slope';
  const isSlope = operation === 'slope';
  const step = unitsOfDifferences(coordinate.units);
  return reduceField(context, field, [dimension], {
    operation,
    others: [node],
    units: isSlope ? unitsOfProduct(unitsOfDifferences(field.units), step, -1) : field.units,
    keepsReading: !isSlope,
  });
};
