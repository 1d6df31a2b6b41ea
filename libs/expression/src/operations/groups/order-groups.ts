import type { NumericType } from '@hyperslab/array';
import { reductionKind } from '@hyperslab/kernels';
import type { Field } from '../../resolve/field.ts';
import { addOperation } from '../../resolve/node-table.ts';
import type { FieldReduction } from '../../resolve/reduce-field.ts';
import type { InferContext } from '../operation.ts';
import { runsOf } from '../take/indices.ts';
import { chunkAlong } from '../take/reach.ts';
import type { TakeParameters } from '../take/rule.ts';
import type { Groups } from './group-field.ts';

/** All groups of a chunk may take so many bytes in a task. */
const mostHeldBytes = 32 * 2 ** 20;
/** A sum, and counts of what is missing or NaN. */
const plainCellBytes = 24;

/** A node whose dimension is reduced in groups, the other operands of the reduction, and which index each now is of before; absent where that is the same. */
export interface OrderedGroups {
  node: number;
  others: readonly number[];
  groups: Groups;
  order?: readonly number[];
}

/**
 * A node, and groups along its dimension, as they are best reduced: in stored order where all groups of a chunk can be held at
 * once, so that each chunk is read once; else with the indices of each group together, so that few are held.
 */
export function orderGroups(
  { table, sources }: InferContext,
  field: Field,
  groups: Groups,
  reduction: FieldReduction,
): OrderedGroups {
  const { dimension, count, members } = groups;
  const { others = [] } = reduction;
  const asStored = { node: field.node, others, groups };
  if (isInOrder(members)) return asStored;
  const node = table.nodes[field.node];
  const cells = node.dimensions.reduce(
    (product, name) =>
      name === dimension ? product : product * chunkAlong(table, sources, field.node, name),
    count,
  );
  const kind = reductionKind(reduction.operation);
  const average = Math.ceil(members.length / Math.max(1, count));
  const heldBytes =
    kind.cellBytes?.(node.dtype as NumericType, average, reduction.parameters ?? {}) ?? plainCellBytes;
  if (cells * heldBytes <= mostHeldBytes && !kind.holdsAll) return asStored;
  const order = [...members.keys()].filter((index) => members[index] >= 0);
  order.sort((a, b) => members[a] - members[b] || a - b);
  const take = (number: number) => {
    const own = table.nodes[number];
    const axis = own.dimensions.indexOf(dimension);
    if (axis < 0) return number;
    const reach = chunkAlong(table, sources, number, dimension);
    const parameters: TakeParameters = { dimension, runs: runsOf(order), reach };
    return addOperation(table, 'take', [number], parameters, {
      ...own,
      shape: own.shape.with(axis, order.length),
    });
  };
  return {
    node: take(field.node),
    others: others.map(take),
    groups: { ...groups, members: Int32Array.from(order, (index) => members[index]) },
    order,
  };
}

function isInOrder(members: Int32Array): boolean {
  return members.every((group, i) => group >= 0 && (i === 0 || group >= members[i - 1]));
}
