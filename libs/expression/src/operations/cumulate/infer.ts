import { isFloat, itemSize, type NumericType } from '@hyperslab/array';
import { cumulatedType } from '@hyperslab/kernels';
import {
  addCall,
  addLiteral,
  addOperation,
  addReduce,
  assertNumeric,
  type NodeTable,
} from '../../resolve/node-table.ts';
import { dimensionNamed } from '../../resolve/reduce-field.ts';
import { sliceNode } from '../../resolve/slice-node.ts';
import type { Infer, InferContext } from '../operation.ts';
import { chunkAlong } from '../take/reach.ts';
import type { CumulateParameters } from './rule.ts';
import { cumulations } from './signature.ts';

/** Bytes of whole columns that are read as one; longer ones are cut into sections. */
const columnBytes = 8 * 2 ** 20;
/** Sections are summed up beforehand, each by a reduction of its own: few, or plans get long. */
const mostSections = 16;

/**
 * Each element with all before it. A long dimension is cut into sections, which are reduced beforehand; then a part
 * needs its own section from its beginning, and of those before one value each.
 */
export const inferCumulate: Infer = async (context, given) => {
  const field = given.field('x');
  const { table } = context;
  const node = table.nodes[field.node];
  const operation = cumulations[given.operation as keyof typeof cumulations];
  assertNumeric(node, given.operation);
  const dimension = dimensionNamed(context, field, given.text('dimension')!);
  const axis = node.dimensions.indexOf(dimension);
  const section = sectionLength(context, field.node, axis);
  const sections = Math.ceil(node.shape[axis] / section);
  const totals = Array.from({ length: Math.max(0, sections - 1) }, (_, i) => {
    const range = { start: i * section, count: section, step: 1 };
    const part = sliceNode(table, field.node, { dimension, range, drop: false });
    return addReduce(table, operation, operation === 'sum' ? addTerms(table, part) : part, [axis]);
  });
  const parameters: CumulateParameters = { operation, dimension, section };
  const dtype = cumulatedType(operation, node.dtype as NumericType);
  return {
    node: addOperation(table, 'cumulate', [field.node, ...totals], parameters, { ...node, dtype }),
    name: '',
    units: field.units,
    attributes: [],
    coordinates: field.coordinates,
    isReading: field.isReading && operation !== 'sum',
  };
};

/** What is summed up of a section: NaN counts as 0, and floating sums are kept in float64. */
function addTerms(table: NodeTable, number: number): number {
  const node = table.nodes[number];
  if (!isFloat(node.dtype)) return number;
  const isNumber = addCall(table, '==', [number, number], node.dimensions);
  const zero = addLiteral(table, 0n);
  const terms = addCall(table, 'where', [isNumber, number, zero], node.dimensions);
  if (node.dtype === 'float64') return terms;
  return addOperation(table, 'cast', [terms], {}, { ...node, dtype: 'float64' });
}

/** Extent of a section, in whole chunks. */
function sectionLength({ table, sources }: InferContext, number: number, axis: number): number {
  const { dimensions, shape, dtype } = table.nodes[number];
  const chunks = dimensions.map((name) => chunkAlong(table, sources, number, name));
  const across = chunks.reduce(
    (product, chunk, i) => (i === axis ? product : product * Math.min(chunk, shape[i])),
    1,
  );
  const length = Math.max(1, shape[axis]);
  const wanted = Math.ceil((length * across * itemSize(dtype)) / columnBytes);
  const sections = Math.min(mostSections, wanted);
  return Math.ceil(length / sections / chunks[axis]) * chunks[axis];
}
