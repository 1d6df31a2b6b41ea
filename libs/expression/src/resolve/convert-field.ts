import { isUnit, unitConversion } from '@hyperslab/cube';
import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Field } from './field.ts';
import { addCall, addLiteral, type NodeTable } from './node-table.ts';

/**
 * A field in other units: multiplied and added to, in its own floating type; integers become float64. Names and attributes
 * stay. Throws EXPRESSION_INVALID naming both units where one is not known, or they measure different things; and
 * for degrees of another zero where values are differences, or may be: 5 K more are no -268.15 degC more.
 */
export function convertField(table: NodeTable, field: Field, units: string): Field {
  const name = field.name === '' ? 'the operand' : `"${field.name}"`;
  const invalid = (what: string) =>
    new HyperslabError('EXPRESSION_INVALID', `convert: ${what}`, { units: field.units, other_units: units });
  if (!isUnit(units))
    throw invalid(
      `"${shortened(units)}" is no unit that is known; expected one as UDUNITS writes it, as "degC" or "m s-1"`,
    );
  if (field.units === '')
    throw invalid(`the units of ${name} are not known; expected a parameter with units, to be "${units}"`);
  const conversion = unitConversion(field.units, units);
  if (conversion === undefined)
    throw invalid(
      `${name} is in "${shortened(field.units)}", which can't be "${units}"; expected units of the same quantity`,
    );
  const { scale, offset } = conversion;
  if (offset !== 0 && !field.isReading)
    throw invalid(
      `${name} in "${shortened(field.units)}" may be a difference or an anomaly, which "${units}" with its other zero does not give; convert the parameters before they are subtracted, or multiply`,
    );
  let { node } = field;
  if (scale !== 1) node = addCall(table, '*', [node, addLiteral(table, scale)]);
  if (offset !== 0) node = addCall(table, '+', [node, addLiteral(table, offset)]);
  return { ...field, node, units };
}

const difference = /anomaly|difference|increment|tendency|derivative|deviation|spread|error/i;

/**
 * Whether the values of a variable are readings on a scale (a temperature), as far as its attributes tell: neither standard
 * deviations and the like (CF appendix E) nor differences (CF section 3.1.2, `units_metadata`).
 */
export function isReading(texts: {
  standardName: string;
  longName: string;
  cellMethods: string;
  unitsMetadata: string;
}): boolean {
  return (
    !/standard_deviation|variance|range|sum_of_squares|sum\b/.test(texts.cellMethods) &&
    !difference.test(texts.standardName) &&
    !difference.test(texts.longName) &&
    !/difference|unknown/.test(texts.unitsMetadata)
  );
}
