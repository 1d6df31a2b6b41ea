import type { PlanGrouping } from '@hyperslab/proto/expression';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { addReduce } from '../../resolve/node-table.ts';
import { type FieldReduction, reducedAttributes } from '../../resolve/reduce-field.ts';
import type { InferContext } from '../operation.ts';
import { lengthsOf } from '../reduce/parameters.ts';

/** Groups along a dimension. */
export interface Groups {
  dimension: string;
  count: number;
  /** Group of each index; -1 for one that is left out. */
  members: Int32Array;
  /** Name of the dimension of the result, when it is another. */
  name?: string;
}

/** A field whose dimensions are reduced in groups; `coordinates` are those of the result. */
export function groupField(
  { table }: InferContext,
  field: Field,
  groups: readonly Groups[],
  { operation, method, units, keepsReading, keepsNames, ...options }: FieldReduction,
  coordinates: FieldCoordinate[],
): Field {
  const node = table.nodes[field.node];
  const { dimensions } = node;
  const along = groups.map(({ dimension }) => dimension);
  const isOfPlaces = operation === 'first' || operation === 'last';
  const parameters = isOfPlaces ? lengthsOf(node, along) : undefined;
  const groupings = groups.map((each) => planGrouping(each, dimensions.indexOf(each.dimension)));
  return {
    node: addReduce(table, operation, field.node, [], { ...options, parameters, groupings }),
    name: '',
    units,
    attributes: reducedAttributes(field, along, { method, keepsNames }),
    coordinates,
    isReading: field.isReading && keepsReading,
  };
}

function planGrouping({ count, members, name = '' }: Groups, axis: number): PlanGrouping {
  const grouping: PlanGrouping = { axis, groups: count, extents: [], members: [], dimension: name };
  for (let at = 0; at < members.length; ) {
    const member = members[at];
    let end = at + 1;
    while (end < members.length && members[end] === member) end++;
    grouping.extents.push(end - at);
    grouping.members.push(member < 0 ? count : member);
    at = end;
  }
  return grouping;
}
