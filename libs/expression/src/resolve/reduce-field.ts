import type { NumericType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { reductionKind } from '@hyperslab/kernels';
import type { Attribute } from '@hyperslab/proto/array';
import type { PlanNode } from '@hyperslab/proto/expression';
import type { InferContext } from '../operations/operation.ts';
import { attributesOfReduction, namesOfQuantity } from './attributes.ts';
import { collapseCoordinates } from './collapse.ts';
import type { Field } from './field.ts';
import { addReduce, type ReduceOptions } from './node-table.ts';
import { findTarget } from './select-field.ts';

/** How a field is reduced. */
export interface FieldReduction extends ReduceOptions {
  /** Name of the kind of reduction in the kernels. */
  operation: string;
  /** Its CF cell method; absent for what CF has none for. */
  method?: string;
  /** The result is of the quantity that the field is of, and keeps its names. @default it does if there is a method */
  keepsNames?: boolean;
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
  { operation, method, units, keepsReading, keepsNames, ...options }: FieldReduction,
): Promise<Field> {
  const { dimensions } = table.nodes[field.node];
  const axes = reduced.map((name) => dimensions.indexOf(name));
  const { shape } = table.nodes[field.node];
  const values = axes.reduce((product, axis) => product * shape[axis], 1);
  assertHoldable(table.nodes[field.node], operation, values);
  return {
    node: addReduce(table, operation, field.node, axes, options),
    name: '',
    units,
    attributes: reducedAttributes(field, reduced, { method, keepsNames }),
    coordinates: await collapseCoordinates(field.coordinates, reduced, read),
    isReading: field.isReading && keepsReading,
  };
}

/** Attributes of a field that was reduced over dimensions, or in groups along them. */
export function reducedAttributes(
  { attributes }: Field,
  reduced: readonly string[],
  { method, keepsNames }: Pick<FieldReduction, 'method' | 'keepsNames'>,
): Attribute[] {
  if (method === undefined) return keepsNames ? namesOfQuantity(attributes) : [];
  const names = namesOfQuantity(attributes);
  const held = keepsNames === false ? attributes.filter((each) => !names.includes(each)) : attributes;
  return attributesOfReduction(held, method, reduced);
}

/** What a task may hold of one cell: about twice of what it is counted with. */
const mostHeldBytes = 128 * 2 ** 20;

/** Throws TOO_LARGE when a reduction that holds all values of a cell would hold too many: so many go to one. */
export function assertHoldable({ dtype }: PlanNode, operation: string, values: number): void {
  const { holdsAll, cellBytes } = reductionKind(operation);
  if (!holdsAll || cellBytes === undefined) return;
  const bytes = cellBytes(dtype as NumericType, values, {});
  if (bytes <= mostHeldBytes) return;
  throw new HyperslabError(
    'TOO_LARGE',
    `"${operation}" would hold ${values} values of a cell at once, more than ${mostHeldBytes / 2 ** 20} MiB; reduce fewer at once, or take percentiles with method=tdigest`,
  );
}
