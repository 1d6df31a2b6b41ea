import type { Plan, PlanNode, Stage } from '@hyperslab/proto/expression';
import { holdsMuch, ruleOf } from '../operations/block-rules.ts';
import { evaluatedNodes, preparePlan } from '../task/prepared-plan.ts';
import { evaluatingStage } from './evaluating-stage.ts';
import { fusedInputs } from './fused-reads.ts';
import { inputsOf } from './node-inputs.ts';
import { largestCell } from './run-lengths.ts';

/** Bytes that a task of each stage holds beside its block and what it reads: weights, and what they are made with. */
export function heldByTasks(plan: Plan): number[] {
  const { nodes, stages } = plan;
  // Without looking into the parameters of others, which may be long.
  if (!nodes.some(({ kind }) => kind?.$case === 'operation' && holdsMuch(kind.value.name)))
    return stages.map(() => 0);
  return stages.map((stage) => {
    const evaluates = evaluatingStage(stage);
    return evaluates === undefined ? 0 : heldByTask(plan, evaluates);
  });
}

function heldByTask(plan: Plan, stage: Stage): number {
  const { nodes } = plan;
  const roots = evaluatedNodes(preparePlan(plan), stage);
  const extents = new Map(
    nodes[roots[0]].dimensions.map((name, axis) => [name, largestCell(stage.blockGrid[axis])]),
  );
  // Not their sum: operations are computed one after the other, and what is kept of one (`row-cache.ts`) makes room for what the next needs.
  return fusedInputs(nodes, roots).operations.reduce(
    (most, number) => Math.max(most, heldFor(nodes, number, extents)),
    0,
  );
}

/** Of a box in the middle of a node that is as long as blocks where these have its dimension, else of all. */
function heldFor(nodes: readonly PlanNode[], number: number, extents: ReadonlyMap<string, number>): number {
  const node = nodes[number];
  if (node.kind?.$case !== 'operation' || !holdsMuch(node.kind.value.name)) return 0;
  const { rule, parameters } = ruleOf(node.kind.value);
  const shape = node.shape.map((extent, axis) =>
    Math.min(extent, extents.get(node.dimensions[axis]) ?? extent),
  );
  const origin = shape.map((extent, axis) => Math.floor((node.shape[axis] - extent) / 2));
  const inputs = inputsOf(node).map((input) => nodes[input]);
  return rule.holds?.(parameters, node, inputs, { origin, shape }) ?? 0;
}
