import type { MaskedArray } from '@hyperslab/array';
import { parseTimeUnits, sameUnits, timeConversion } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { coordinateNumbers } from '../../resolve/coordinate-values.ts';
import type { FieldCoordinate } from '../../resolve/field.ts';

/**
 * Values of a coordinate as numbers of another: times since another moment are counted from that of the first. Throws
 * EXPRESSION_INVALID for other units that are not the same, and for another calendar.
 */
export function inUnitsOf(
  operation: string,
  first: FieldCoordinate,
  part: FieldCoordinate,
  array: MaskedArray,
): MaskedArray {
  const times = [part, first].map(({ units, calendar }) => parseTimeUnits(units, calendar));
  const [own, wanted] = times;
  if (own !== undefined && wanted !== undefined) {
    if (part.units === first.units && own.calendar === wanted.calendar) return array;
    const conversion = timeConversion(own, wanted);
    if (conversion !== undefined) {
      const values = coordinateNumbers(array).map(conversion);
      return { ...array, dtype: 'float64', values };
    }
  } else if (part.units === '' || first.units === '' || sameUnits(part.units, first.units)) return array;
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `operands of "${operation}" have "${first.name}" in ${written(first)} and in ${written(part)}; expected equal units`,
  );
}

function written({ units, calendar }: FieldCoordinate): string {
  return `"${units}"${calendar === '' ? '' : ` of calendar ${calendar}`}`;
}
