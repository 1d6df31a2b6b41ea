import { HyperslabError, shortened } from '@hyperslab/errors';
import type { Dataset } from '@hyperslab/proto/cube';
import type {
  CallNode,
  ExpressionGraph,
  OperationNode,
  PlanNode,
  PlanSource,
  ReduceNode,
  ResultDescription,
  SelectNode,
  SourceNode,
} from '@hyperslab/proto/expression';
import { Arguments } from '../operations/arguments.ts';
import { inferences } from '../operations/registry.ts';
import { signatureNamed } from '../operations/signatures.ts';
import { textOf } from './attributes.ts';
import { convertField } from './convert-field.ts';
import type { ReadVariable } from './coordinate-data.ts';
import { describeResult } from './describe-result.ts';
import type { Field } from './field.ts';
import { findVariable } from './find-variable.ts';
import { mergeCoordinates } from './merge-coordinates.ts';
import { addCall, addLiteral, addRead, createNodeTable, literalOf, type NodeTable } from './node-table.ts';
import { type Selection, selectionOf } from './part-of-whole.ts';
import { type PersistedArray, persistedField } from './persisted-field.ts';
import { refuseLikeAxes } from './refuse-like-axes.ts';
import { selectField } from './select-field.ts';
import { sourceField } from './source-field.ts';
import { unitsOfCall } from './units-of-call.ts';
import { withoutUnused } from './without-unused.ts';

/** Where names lead to. */
export interface Catalog {
  /** Datasets by reference, as the expression writes it: "NAME", "NAME@3"; see `datasetReferences`. And those of coordinates of persisted arrays. */
  datasets: ReadonlyMap<string, Dataset>;
  /** What jobs have persisted, by reference: "job:ID". */
  persisted?: ReadonlyMap<string, PersistedArray>;
  /** Reads a whole coordinate whose values are not inline; without it, it can't be selected from by value. */
  readCoordinate?: ReadVariable;
}

/** An expression whose names are numbers, values indices, and types and shapes known. The last node is the result. */
export interface ResolvedExpression {
  sources: PlanSource[];
  nodes: PlanNode[];
  /** What comes out; the grid of its blocks is the planner's. */
  result: ResultDescription;
  /** What it selects from, if it is a selection of something that is more than read. */
  selection?: Selection;
}

interface Context {
  graph: ExpressionGraph;
  ownDataset: string;
  catalog: Catalog;
  read?: ReadVariable;
  table: NodeTable;
  sources: PlanSource[];
}

/** The datasets that a graph reads, as it refers to them; `ownDataset` is that of plain names. */
export function datasetReferences(graph: ExpressionGraph, ownDataset: string): string[] {
  const references = graph.nodes.flatMap(({ kind }) =>
    kind?.$case === 'source' ? [kind.value.dataset || ownDataset] : [],
  );
  return [...new Set(references)];
}

/**
 * Gives a valid graph its meaning in datasets. Throws VARIABLE_NOT_FOUND, DATASET_NOT_FOUND, NOT_COMPUTABLE, TOO_LARGE,
 * or EXPRESSION_INVALID for selections and operands that do not fit, with what would.
 */
export async function resolve(
  graph: ExpressionGraph,
  ownDataset: string,
  catalog: Catalog,
): Promise<ResolvedExpression> {
  const read = catalog.readCoordinate;
  const context: Context = { graph, ownDataset, catalog, read, table: createNodeTable(), sources: [] };
  const fields: Field[] = [];
  for (const { kind } of graph.nodes) {
    switch (kind?.$case) {
      case 'source':
        fields.push(resolveSource(context, kind.value));
        break;
      case 'constant':
        fields.push({ ...bare, node: addLiteral(context.table, kind.value) });
        break;
      case 'integer':
        fields.push({ ...bare, node: addLiteral(context.table, BigInt(kind.value)) });
        break;
      case 'call':
        fields.push(await resolveCall(context, kind.value, fields));
        break;
      case 'select':
        fields.push(await resolveSelect(context, kind.value, fields, fields[kind.value.input]));
        break;
      case 'convert':
        fields.push(convertField(context.table, fields[kind.value.input], kind.value.units));
        break;
      case 'reduce':
        fields.push(await resolveOperation(context, reductionAsOperation(kind.value), fields));
        break;
      case 'operation':
        fields.push(await resolveOperation(context, kind.value, fields));
        break;
    }
  }
  const last = fields[fields.length - 1];
  const result = describeResult(context.table.nodes[last.node], last, graph);
  return {
    ...withoutUnused(context, last.node),
    result,
    selection: selectionOf(context, fields, result, (field, selection) =>
      resolveSelect(context, selection, fields, field),
    ),
  };
}

const bare: Omit<Field, 'node'> = { name: '', units: '', attributes: [], coordinates: [] };

function resolveSource({ ownDataset, catalog, table, sources }: Context, source: SourceNode): Field {
  const reference = source.dataset || ownDataset;
  const kept = catalog.persisted?.get(reference);
  if (kept !== undefined) return persistedField({ table, sources }, kept, source.variable, catalog.datasets);
  const dataset = catalog.datasets.get(reference);
  if (dataset === undefined) {
    throw new HyperslabError(
      'DATASET_NOT_FOUND',
      `dataset "${shortened(reference)}" is not published; list what is: ls`,
      {
        dataset: shortened(reference),
      },
    );
  }
  const variable = findVariable(dataset, source.variable);
  const name = `${dataset.name}@${dataset.version}`;
  let number = sources.findIndex((each) => each.dataset === name && each.variable?.name === variable.name);
  if (number < 0) number = sources.push({ variable, manifest: dataset.manifest, dataset: name }) - 1;
  return sourceField(dataset, variable, addRead(table, number, variable));
}

function resolveSelect(
  context: Context,
  { selectors }: SelectNode,
  fields: readonly Field[],
  field: Field,
): Promise<Field> {
  return selectField({ ...context, datasets: context.catalog.datasets, fields }, field, selectors);
}

async function resolveCall(
  { table, read }: Context,
  call: CallNode,
  fields: readonly Field[],
): Promise<Field> {
  const inputs = call.arguments.map((number) => fields[number]);
  const operands = inputs.map(({ name, units, attributes, node }) => {
    const literal = literalOf(table.nodes[node]);
    return {
      name: name || 'an operand',
      units,
      // Of what is computed, without a name, silence tells nothing.
      calendar: textOf(attributes, 'calendar') || (name === '' ? undefined : ''),
      constant: literal === undefined ? undefined : Number(literal),
    };
  });
  refuseLikeAxes(
    call.function,
    inputs.map(({ node }) => table.nodes[node]),
    inputs,
  );
  const node = addCall(
    table,
    call.function,
    inputs.map((input) => input.node),
  );
  const units = unitsOfCall(call.function, operands);
  // What is chosen among readings is one; a sum or a difference, even with a number, may be none.
  const chosen =
    { where: inputs.slice(1), minimum: inputs, maximum: inputs, fill_missing: inputs }[call.function] ?? [];
  const isReading = chosen.length > 0 && chosen.every((input) => input.isReading);
  return { ...bare, node, units, coordinates: await mergeCoordinates(inputs, read), isReading };
}

async function resolveOperation(
  context: Context,
  operation: OperationNode,
  fields: readonly Field[],
): Promise<Field> {
  const given = new Arguments(signatureNamed(operation.name)!, operation, fields);
  return inferences.get(operation.name)!(context, given);
}

function reductionAsOperation({ operation, input, dimensions }: ReduceNode): OperationNode {
  const names = dimensions.map((value) => ({ name: '', value: { $case: 'text' as const, value } }));
  return { name: operation, arguments: [{ name: '', value: { $case: 'node', value: input } }, ...names] };
}
