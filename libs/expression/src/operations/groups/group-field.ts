import type { PlanGrouping, PlanNode } from '@hyperslab/proto/expression';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { addReduce } from '../../resolve/node-table.ts';
import { assertHoldable, reducedAttributes } from '../../resolve/reduce-field.ts';
import type { InferContext } from '../operation.ts';
import { coordinateAtPlaces, indexAtPlaces } from '../places/places-in-groups.ts';
import { lengthsOf } from '../reduce/parameters.ts';
import type { GroupReduction } from './reduction-given.ts';

/** Groups along a dimension. */
export interface Groups {
  dimension: string;
  count: number;
  /** Group of each index; -1 for one that is left out. */
  members: Int32Array;
  /** Name of the dimension of the result, when it is another. */
  name?: string;
  /** Length of the dimension where the field is what is left of it: places are counted as in all of it. */
  whole?: number;
}

/** A field whose dimensions are reduced in groups; `coordinates` are those of the result. `order` tells which index of the field each of its node is of. */
export async function groupField(
  context: InferContext,
  field: Field,
  groups: readonly Groups[],
  reduction: GroupReduction,
  coordinates: FieldCoordinate[],
  order?: readonly number[],
): Promise<Field> {
  const { table } = context;
  const { operation, method, units, keepsReading, keepsNames, places, coordinate, ...options } = reduction;
  const node = table.nodes[field.node];
  const { dimensions } = node;
  const along = groups.map(({ dimension }) => dimension);
  const isOfPlaces = operation === 'first' || operation === 'last' || places !== undefined;
  const parameters = isOfPlaces ? lengthsOf(wholeOf(node, groups), along) : options.parameters;
  const largest = groups.reduce((product, each) => product * largestOf(each), 1);
  assertHoldable(node, operation, largest);
  const groupings = groups.map((each) => planGrouping(each, dimensions.indexOf(each.dimension)));
  const reduced = addReduce(table, operation, field.node, [], { ...options, parameters, groupings });
  const result: Field = {
    node: reduced,
    name: '',
    units,
    attributes: reducedAttributes(field, along, { method, keepsNames }),
    coordinates: coordinate === undefined ? coordinates : [...coordinates, coordinate],
    isReading: field.isReading && keepsReading,
  };
  if (places === 'coordinate') return coordinateAtPlaces(context, field, along, result, order);
  return places === 'index' && order !== undefined ? indexAtPlaces(context, result, order) : result;
}

/** The dimensions as they were before the last indices of some were left out. */
function wholeOf({ dimensions, shape }: PlanNode, groups: readonly Groups[]) {
  const whole = new Map(groups.map((each) => [each.dimension, each.whole]));
  return { dimensions, shape: shape.map((length, axis) => whole.get(dimensions[axis]) ?? length) };
}

/** How many indices are in the largest group. */
function largestOf({ count, members }: Groups): number {
  const sizes = new Float64Array(count);
  for (const group of members) if (group >= 0) sizes[group]++;
  return sizes.reduce((largest, size) => Math.max(largest, size), 0);
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
