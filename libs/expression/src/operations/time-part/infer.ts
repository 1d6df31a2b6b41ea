import { parseTimeUnits } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { textOf } from '../../resolve/attributes.ts';
import { addOperation, assertNumeric } from '../../resolve/node-table.ts';
import type { Infer } from '../operation.ts';
import type { TimePartParameters } from './rule.ts';

/** A part of times, by the units and the calendar of the variable that they are. */
export const inferTimePart: Infer = async ({ table }, given) => {
  const { operation } = given;
  const field = given.field('time');
  const node = table.nodes[field.node];
  assertNumeric(node, operation);
  const calendar = textOf(field.attributes, 'calendar');
  // What is computed of times has lost their calendar, and may be a difference.
  const isTime = field.name !== '' && parseTimeUnits(field.units, calendar) !== undefined;
  if (!isTime) {
    const of = field.name === '' ? 'what is computed' : `"${field.name}"`;
    const found =
      field.name === '' ? 'no calendar' : field.units === '' ? 'unknown units' : `units "${field.units}"`;
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${operation}": ${of} has ${found}; expected a variable of times or a part of it, in units as "hours since 2026-11-22"`,
    );
  }
  const parameters: TimePartParameters = { part: operation, units: field.units, calendar };
  return {
    node: addOperation(table, 'time-part', [field.node], parameters, { ...node, dtype: 'int32' }),
    name: '',
    units: '1',
    attributes: [],
    coordinates: field.coordinates,
  };
};
