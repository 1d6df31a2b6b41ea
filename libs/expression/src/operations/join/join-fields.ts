import type { NumericType } from '@hyperslab/array';
import { sameUnits } from '@hyperslab/cube';
import { HyperslabError } from '@hyperslab/errors';
import { promote } from '@hyperslab/kernels';
import type { Attribute } from '@hyperslab/proto/array';
import { textOf } from '../../resolve/attributes.ts';
import type { Field } from '../../resolve/field.ts';
import { mergeCoordinates } from '../../resolve/merge-coordinates.ts';
import { addConcatenate, addOperation, assertNumeric, type NodeTable } from '../../resolve/node-table.ts';
import type { InferContext } from '../operation.ts';
import { addTranspose } from '../transpose/infer.ts';
import { joinCoordinates } from './join-coordinates.ts';

/**
 * Fields one after the other along a dimension that all have, in the first's order of dimensions and the type that holds
 * all. Other dimensions must have equal lengths and coordinates; scalar and auxiliary coordinates that contradict each other are
 * left out, as of calls. Throws EXPRESSION_INVALID for fields that do not fit, with what would.
 */
export async function joinFields(
  { table, read }: InferContext,
  operation: string,
  fields: readonly Field[],
  dimension: string,
): Promise<Field> {
  assertAlike(table, operation, fields, dimension);
  const [first] = fields;
  const { dimensions } = table.nodes[first.node];
  const types = fields.map(({ node }) => table.nodes[node].dtype as NumericType);
  const dtype = types.reduce(promote);
  const inputs = fields.map(({ node }) => addCast(table, addTranspose(table, node, dimensions), dtype));
  const isAlong = (each: Field['coordinates'][number]) => each.dimensions.includes(dimension);
  const across = fields.map((field) => ({
    ...field,
    coordinates: field.coordinates.filter((each) => !isAlong(each)),
  }));
  // Times of two calendars are of none.
  const names = new Set(fields.map((field) => `${field.name} ${textOf(field.attributes, 'calendar')}`));
  return {
    node: addConcatenate(table, inputs, dimensions.indexOf(dimension)),
    name: names.size === 1 ? first.name : '',
    units: fields.some(({ units }) => units === '') ? '' : first.units,
    attributes: commonAttributes(fields),
    coordinates: [
      ...(await joinCoordinates(operation, fields, dimension, read)),
      ...(await mergeCoordinates(across, read)),
    ],
    isReading: fields.every(({ isReading }) => isReading),
  };
}

function assertAlike(
  { nodes }: NodeTable,
  operation: string,
  fields: readonly Field[],
  dimension: string,
): void {
  const [first, ...others] = fields;
  const own = nodes[first.node];
  const nameOf = (field: Field) => (field.name === '' ? 'an operand' : `"${field.name}"`);
  for (const { node } of fields) assertNumeric(nodes[node], operation);
  for (const other of others) {
    const node = nodes[other.node];
    if (own.dimensions.toSorted().join() !== node.dimensions.toSorted().join()) {
      throw invalid(
        `operands of "${operation}" have dimensions ${own.dimensions.join(', ') || 'none'} (${nameOf(first)}) and ${node.dimensions.join(', ') || 'none'} (${nameOf(other)}); expected equal ones; expand(x, name=value) adds one`,
      );
    }
    own.dimensions.forEach((name, axis) => {
      const length = node.shape[node.dimensions.indexOf(name)];
      if (name === dimension || length === own.shape[axis]) return;
      throw invalid(
        `operands of "${operation}" have ${own.shape[axis]} and ${length} along dimension "${name}"; select equal parts`,
      );
    });
    if (first.units === '' || other.units === '' || sameUnits(first.units, other.units)) continue;
    throw invalid(
      `operands of "${operation}" have units "${first.units}" (${nameOf(first)}) and "${other.units}" (${nameOf(other)}); convert one of them first`,
    );
  }
}

function addCast(table: NodeTable, number: number, dtype: string): number {
  const node = table.nodes[number];
  return node.dtype === dtype ? number : addOperation(table, 'cast', [number], {}, { ...node, dtype });
}

function commonAttributes([first, ...others]: readonly Field[]): Attribute[] {
  return first.attributes.filter((attribute) =>
    others.every(({ attributes }) =>
      attributes.some((each) => JSON.stringify(each) === JSON.stringify(attribute)),
    ),
  );
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
