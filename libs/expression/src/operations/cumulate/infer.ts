import { isFloat, itemSize, type NumericType } from '@hyperslab/array';
import { cumulatedType } from '@hyperslab/kernels';
import type { PlanGrouping } from '@hyperslab/proto/expression';
import {
  addCall,
  addLiteral,
  addOperation,
  addReduce,
  assertNumeric,
  type NodeTable,
} from '../../resolve/node-table.ts';
import { dimensionNamed } from '../../resolve/reduce-field.ts';
import { unitsOfAnyPower, unitsOfMultiples } from '../../resolve/units-of-call.ts';
import type { Infer, InferContext } from '../operation.ts';
import { chunkAlong } from '../take/reach.ts';
import type { CumulateParameters } from './rule.ts';
import { cumulations } from './signature.ts';

/** Bytes of whole columns that are read as one; longer ones are cut into sections. */
const columnBytes = 8 * 2 ** 20;
/** A part takes in what each section before it comes to. */
const mostSections = 256;
const kept = (units: string) => units;
const unitsOf = { sum: unitsOfMultiples, prod: unitsOfAnyPower, min: kept, max: kept };

/**
 * Each element with all before it. A long dimension is cut into sections, which are reduced beforehand as groups are; then a
 * part needs its own section from its beginning, and of those before one value each.
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
  const inputs = [field.node];
  if (sections > 1) {
    const isExtreme = operation === 'min' || operation === 'max';
    const terms = isExtreme ? field.node : addTerms(table, field.node, operation === 'sum' ? 0n : 1n);
    const grouping = sectionGrouping(axis, node.shape[axis], section);
    inputs.push(addReduce(table, operation, terms, [], { groupings: [grouping] }));
  }
  const parameters: CumulateParameters = { operation, dimension, section };
  const dtype = cumulatedType(operation, node.dtype as NumericType);
  return {
    node: addOperation(table, 'cumulate', inputs, parameters, { ...node, dtype }),
    name: '',
    units: unitsOf[operation](field.units),
    attributes: [],
    coordinates: field.coordinates,
    isReading: field.isReading && (operation === 'min' || operation === 'max'),
  };
};

function sectionGrouping(axis: number, length: number, section: number): PlanGrouping {
  const groups = Math.ceil(length / section);
  const members = Array.from({ length: groups }, (_, group) => group);
  const extents = members.map((group) => Math.min(section, length - group * section));
  return { axis, groups, extents, members, dimension: '' };
}

/** What is summed up or multiplied of a section: NaN counts as what changes nothing, and floating results are kept in float64. */
function addTerms(table: NodeTable, number: number, neutral: bigint): number {
  const node = table.nodes[number];
  if (!isFloat(node.dtype)) return number;
  const isNumber = addCall(table, '==', [number, number], node.dimensions);
  const nothing = addLiteral(table, neutral);
  const terms = addCall(table, 'where', [isNumber, number, nothing], node.dimensions);
  if (node.dtype === 'float64') return terms;
  return addOperation(table, 'cast', [terms], {}, { ...node, dtype: 'float64' });
}

/** Extent of a section, in whole chunks. */
function sectionLength({ table, sources }: InferContext, number: number, axis: number): number {
  const { dimensions, shape, dtype } = table.nodes[number];
  if (shape.includes(0)) return Math.max(1, shape[axis]);
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
