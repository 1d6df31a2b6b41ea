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
import { type PersistedArray, persistedSource } from './persisted-field.ts';
import type { ResolvedExpression } from './resolve.ts';
import { withoutUnused } from './without-unused.ts';

/** That an expression selects from the values of another one. How is worked out when it is asked for: mostly nobody has computed the whole. */
export interface Selection {
  /** Of the values that are selected from. */
  whole: Pick<PlanNode, 'dtype' | 'dimensions' | 'shape'>;
  /** What has these values. */
  resolveWhole(): ResolvedExpression;
  /** The same result, taken from what a job has computed of the whole; undefined where it takes more than these values. */
  readFrom(kept: PersistedArray): Promise<ResolvedExpression | undefined>;
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
  result: ResultDescription,
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
    resolveWhole: () => resolveWhole(resolved, fields, at),
    readFrom: (kept) =>
      readFrom(resolved, fields[at], kept, result, (field) => selectAll(field, selections, select)),
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

/** What is left of a graph when the selections behind a node of it are taken away. */
function resolveWhole(resolved: Resolved, fields: readonly Field[], at: number): ResolvedExpression {
  const { graph, table } = resolved;
  const alone = { ...graph, nodes: graph.nodes.slice(0, at + 1) };
  const result = describeResult(table.nodes[fields[at].node], fields[at], alone);
  return { ...withoutUnused(resolved, fields[at].node), result };
}

/** Selections of something that is read in the place of a field. */
async function readFrom(
  { table, sources }: Resolved,
  whole: Field,
  kept: PersistedArray,
  result: ResultDescription,
  select: (field: Field) => Promise<Field>,
): Promise<ResolvedExpression | undefined> {
  const source = persistedSource(kept);
  const read = addRead(table, sources.push(source) - 1, source.variable!);
  const field = await select({ ...whole, node: read });
  const taken = withoutUnused({ table, sources }, field.node);
  const readsItAlone = taken.sources.length === 1 && taken.sources[0] === source;
  return readsItAlone ? { ...taken, result } : undefined;
}
