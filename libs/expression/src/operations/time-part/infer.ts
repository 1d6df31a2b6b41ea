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
  if (parseTimeUnits(field.units, calendar) === undefined) {
    const of = field.name === '' ? 'its argument' : `"${field.name}"`;
    const found = field.units === '' ? 'unknown units' : `units "${field.units}"`;
    throw new HyperslabError(
      'EXPRESSION_INVALID',
      `"${operation}": ${of} has ${found}; expected times, in units as "hours since 2026-11-22"`,
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
