import { HyperslabError } from '@hyperslab/errors';
import type { InferContext } from '../operations/operation.ts';
import { attributesOfReduction } from './attributes.ts';
import { collapseCoordinates } from './collapse.ts';
import type { Field } from './field.ts';
import { addReduce, type ReduceOptions } from './node-table.ts';
import { findTarget } from './select-field.ts';

/** How a field is reduced. */
export interface FieldReduction extends ReduceOptions {
  /** Name of the kind of reduction in the kernels. */
  operation: string;
  /** Its CF cell method; absent for what is no method of the quantity, whose result keeps no attributes. */
  method?: string;
  units: string;
  /** Its values are readings on a scale if those of the field are. */
  keepsReading?: boolean;
}

/**
 * Dimensions of a field by what names them: those of coordinates, too; all for no names. Throws EXPRESSION_INVALID for a name
 * that is of none.
 */
export function dimensionsNamed(
  { table }: Pick<InferContext, 'table'>,
  field: Field,
  names: readonly string[],
): string[] {
  const over = names.map((name) => dimensionNamed({ table }, field, name));
  return over.length === 0 ? table.nodes[field.node].dimensions : [...new Set(over)];
}

/** The dimension of a field that a name means. Throws EXPRESSION_INVALID for a name that is of none. */
export function dimensionNamed({ table }: Pick<InferContext, 'table'>, field: Field, name: string): string {
  const { dimension } = findTarget({ table }, field, name);
  if (dimension !== undefined) return dimension;
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `"${name}" has one value and no dimension to reduce over; leave it out`,
  );
}

/** A field reduced over some of its dimensions, whose coordinates collapse. */
export async function reduceField(
  { table, read }: InferContext,
  field: Field,
  reduced: readonly string[],
  { operation, method, units, keepsReading, ...options }: FieldReduction,
): Promise<Field> {
  const { dimensions } = table.nodes[field.node];
  const axes = reduced.map((name) => dimensions.indexOf(name));
  return {
    node: addReduce(table, operation, field.node, axes, options),
    name: '',
    units,
    attributes: attributesOfReduction(field.attributes, method, reduced),
    coordinates: await collapseCoordinates(field.coordinates, reduced, read),
    isReading: field.isReading && keepsReading,
  };
}
