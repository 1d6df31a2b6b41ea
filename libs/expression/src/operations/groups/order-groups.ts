import { reductionKind } from '@hyperslab/kernels';
import type { Field } from '../../resolve/field.ts';
import { addOperation } from '../../resolve/node-table.ts';
import type { InferContext } from '../operation.ts';
import { runsOf } from '../take/indices.ts';
import { chunkAlong } from '../take/reach.ts';
import type { TakeParameters } from '../take/rule.ts';
import type { Groups } from './group-field.ts';

/** All groups of a chunk may take so many bytes in a task. */
const mostHeldBytes = 32 * 2 ** 20;
/** A sum, and counts of what is missing or NaN. */
const cellBytes = 24;

/**
 * A node, and groups along its dimension, as they are best reduced: in stored order where all groups of a chunk can be held at
 * once, so that each chunk is read once; else with the indices of each group together, so that few are held.
 */
export function orderGroups(
  { table, sources }: InferContext,
  field: Field,
  groups: Groups,
  reduction: string,
): { node: number; groups: Groups } {
  const { dimension, count, members } = groups;
  if (isInOrder(members)) return { node: field.node, groups };
  const node = table.nodes[field.node];
  const cells = node.dimensions.reduce(
    (product, name) =>
      name === dimension ? product : product * chunkAlong(table, sources, field.node, name),
    count,
  );
  if (cells * cellBytes <= mostHeldBytes && !reductionKind(reduction).holdsAll)
    return { node: field.node, groups };
  const order = [...members.keys()].filter((index) => members[index] >= 0);
  order.sort((a, b) => members[a] - members[b] || a - b);
  const reach = chunkAlong(table, sources, field.node, dimension);
  const parameters: TakeParameters = { dimension, runs: runsOf(order), reach };
  const shape = node.shape.with(node.dimensions.indexOf(dimension), order.length);
  const taken = addOperation(table, 'take', [field.node], parameters, { ...node, shape });
  return { node: taken, groups: { ...groups, members: Int32Array.from(order, (index) => members[index]) } };
}

function isInOrder(members: Int32Array): boolean {
  return members.every((group, i) => group >= 0 && (i === 0 || group >= members[i - 1]));
}
