import type {
  ExpressionGraph,
  PlanNode,
  PlanSource,
  ResultDescription,
  SelectNode,
} from '@hyperslab/proto/expression';
import { inputsOf } from '../plan/node-inputs.ts';
import { describeResult } from './describe-result.ts';
import type { Field } from './field.ts';
import { addRead, type NodeTable } from './node-table.ts';
import { type PersistedArray, persistedSource, resultVariable } from './persisted-field.ts';
import type { ResolvedExpression } from './resolve.ts';
import { withoutUnused } from './without-unused.ts';

/** That an expression selects from the values of another one. How is worked out when it is asked for: mostly nobody has computed the whole. */
export interface Selection {
  /** Of the values that are selected from. */
  whole: Pick<PlanNode, 'dtype' | 'dimensions' | 'shape'>;
  /** Undefined where it takes more than these values. */
  resolve(): Promise<PartOfWhole | undefined>;
}

/** A selection of the values of another expression. */
export interface PartOfWhole {
  whole: ResolvedExpression;
  /** Nodes that take it from these values, which they read as source 0. The last one is the result. */
  nodes: PlanNode[];
}

/** A graph that is resolved. */
interface Resolved {
  graph: ExpressionGraph;
  table: NodeTable;
  sources: PlanSource[];
}

/** What the selections at the end of a graph are made from, if there are some and that is computed. */
export function selectionOf(
  resolved: Resolved,
  fields: readonly Field[],
  select: (field: Field, selection: SelectNode) => Promise<Field>,
): Selection | undefined {
  const { graph, table } = resolved;
  const selections: SelectNode[] = [];
  let at = graph.nodes.length - 1;
  for (let { kind } = graph.nodes[at]; kind?.$case === 'select'; { kind } = graph.nodes[at]) {
    selections.unshift(kind.value);
    at = kind.value.input;
  }
  const node = table.nodes[fields[at].node];
  // What is only read is read again; and blocks of text are for clients.
  const isComputed = inputsOf(node).length > 0 && node.dtype !== 'string' && node.dtype !== 'char';
  if (selections.length === 0 || !isComputed) return undefined;
  const { dtype, dimensions, shape } = node;
  return {
    whole: { dtype, dimensions, shape },
    resolve: () => partOfWhole(resolved, fields, at, (field) => selectAll(field, selections, select)),
  };
}

async function selectAll(
  whole: Field,
  selections: readonly SelectNode[],
  select: (field: Field, selection: SelectNode) => Promise<Field>,
): Promise<Field> {
  let field = whole;
  for (const selection of selections) field = await select(field, selection);
  return field;
}

/** What is left of a graph when the selections behind a node of it are taken away, and these of something that is read in its place. */
async function partOfWhole(
  { graph, table, sources }: Resolved,
  fields: readonly Field[],
  at: number,
  select: (field: Field) => Promise<Field>,
): Promise<PartOfWhole | undefined> {
  const whole = withoutUnused({ table, sources }, fields[at].node);
  const alone = { ...graph, nodes: graph.nodes.slice(0, at + 1) };
  const result = describeResult(table.nodes[fields[at].node], fields[at], alone);
  const variable = resultVariable(result);
  const source = sources.push({ variable, manifest: undefined, dataset: '' }) - 1;
  const field = await select({ ...fields[at], node: addRead(table, source, variable) });
  const { nodes, sources: read } = withoutUnused({ table, sources }, field.node);
  const readsIt = read.length === 1 && read[0] === sources[source];
  return readsIt ? { whole: { ...whole, result }, nodes } : undefined;
}

/** The same result, taken from what a job has computed of the whole that it is a part of. */
export function readFromKept(
  { nodes }: PartOfWhole,
  kept: PersistedArray,
  result: ResultDescription,
): ResolvedExpression {
  return { sources: [persistedSource(kept)], nodes, result };
}
