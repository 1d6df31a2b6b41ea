import { HyperslabError } from '@hyperslab/errors';
import type { Field } from '../../resolve/field.ts';
import { dimensionNamed } from '../../resolve/reduce-field.ts';
import { sliceCoordinates } from '../../resolve/slice-coordinates.ts';
import { type DimensionSlice, sliceNode } from '../../resolve/slice-node.ts';
import type { Arguments } from '../arguments.ts';
import type { Infer, InferContext } from '../operation.ts';
import { coordinatesOfGroups } from './group-coordinates.ts';
import { type Groups, groupField } from './group-field.ts';
import { reductionGiven } from './reduction-given.ts';

/** Blocks of neighbours along dimensions, reduced. */
export const inferCoarsen: Infer = async (context, given) => {
  let field = given.field('x');
  let reduction = await reductionGiven(context, given, field);
  const groups: Groups[] = [];
  for (const [name, value] of given.byName()) {
    const size = Number(value);
    if (size < 1) throw invalid(`coarsen: ${name}=${size}; expected at least 1`);
    const dimension = dimensionNamed(context, field, name);
    if (groups.some((each) => each.dimension === dimension))
      throw invalid(`coarsen: dimension "${dimension}" is named twice`);
    const whole = lengthAlong(context, field, dimension);
    const fitting = fittingSlice(context, given, field, dimension, size);
    if (fitting !== undefined) {
      field = await slicedField(context, field, fitting);
      const slice = (node: number) => slicedOther(context, node, fitting);
      reduction = { ...reduction, others: reduction.others?.map(slice) };
    }
    const length = lengthAlong(context, field, dimension);
    const members = membersOf(dimension, length, size);
    groups.push({ dimension, count: Math.ceil(length / size), members, whole });
  }
  if (groups.length === 0)
    throw invalid('coarsen: expected how many neighbours of which dimension, as latitude=4');
  let { coordinates } = field;
  for (const each of groups) coordinates = await coordinatesOfGroups(context, coordinates, each);
  return groupField(context, field, groups, reduction, coordinates);
};

function lengthAlong({ table }: InferContext, { node }: Field, dimension: string): number {
  const { dimensions, shape } = table.nodes[node];
  return shape[dimensions.indexOf(dimension)];
}

/** Blocks of every index: they travel in the plan as runs, and are numbered one by one here. */
const mostBlocks = 1_000_000;
const mostLength = 2 ** 26;

function membersOf(dimension: string, length: number, size: number): Int32Array {
  const count = Math.ceil(length / size);
  if (count > mostBlocks || length > mostLength) {
    throw new HyperslabError(
      'TOO_LARGE',
      `coarsen: "${dimension}" has ${length}, in ${count} blocks of ${size}; expected at most ${mostLength} in ${mostBlocks} blocks; take longer ones, or select a part`,
    );
  }
  const members = new Int32Array(length);
  for (let block = 0; block < count; block++) members.fill(block, block * size, (block + 1) * size);
  return members;
}

/** What is left without the rest that fills no block, where that is to be left out; undefined for all. */
function fittingSlice(
  context: InferContext,
  given: Arguments,
  field: Field,
  dimension: string,
  size: number,
): DimensionSlice | undefined {
  const length = lengthAlong(context, field, dimension);
  const rest = length % size;
  const boundary = given.text('boundary') ?? 'exact';
  if (rest === 0 || boundary === 'pad') return undefined;
  if (boundary === 'exact') {
    throw invalid(
      `coarsen: "${dimension}" has ${length}, which is no multiple of ${size}; boundary=trim leaves the last ${rest} out, boundary=pad makes a smaller last block of them`,
    );
  }
  if (rest === length) throw invalid(`coarsen: "${dimension}" has ${length}, not one block of ${size}`);
  return { dimension, range: { start: 0, count: length - rest, step: 1 }, drop: false };
}

async function slicedField(
  { table, read }: InferContext,
  field: Field,
  slice: DimensionSlice,
): Promise<Field> {
  return {
    ...field,
    node: sliceNode(table, field.node, slice),
    coordinates: await sliceCoordinates(field.coordinates, slice, read),
  };
}

/** Weights, which may lack the dimension. */
function slicedOther({ table }: InferContext, node: number, slice: DimensionSlice): number {
  return table.nodes[node].dimensions.includes(slice.dimension) ? sliceNode(table, node, slice) : node;
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
