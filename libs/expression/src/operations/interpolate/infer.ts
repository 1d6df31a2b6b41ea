import type { NumericType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { interpolatedType, isMonotonic } from '@hyperslab/kernels';
import type { Field, FieldCoordinate } from '../../resolve/field.ts';
import { addOperation, assertNumeric } from '../../resolve/node-table.ts';
import { sliceCoordinates } from '../../resolve/slice-coordinates.ts';
import { sliceNode } from '../../resolve/slice-node.ts';
import type { Arguments } from '../arguments.ts';
import { interpolateOnto } from '../columns/infer.ts';
import type { Infer, InferContext } from '../operation.ts';
import { type KnownAxis, knownAxis, targetValues } from './known-axis.ts';
import type { InterpolateParameters } from './rule.ts';

/** A dimension that is interpolated, and the points that it is interpolated to. */
interface Wanted extends KnownAxis {
  targets: Float64Array;
  /** One value without brackets: it drops the dimension, as in a selection. */
  drops: boolean;
}

/** Values between points of dimensions; between heights of every column where another array has them. */
export const inferInterpolate: Infer = async (context, given) => {
  const field = given.field('x');
  assertNumeric(context.table.nodes[field.node], given.operation);
  const method = (given.text('method') ?? 'linear') as 'linear' | 'log' | 'nearest';
  const onto = given.optionalField('onto');
  if (onto !== undefined) return interpolateOnto(context, given, field, onto, method);
  const wanted = await wantedAxes(context, given, field);
  if (method === 'log') for (const each of wanted) assertPositive(each);
  const node = context.table.nodes[field.node];
  const parameters: InterpolateParameters = {
    axes: wanted.map(({ dimension, axis, targets }) => ({
      from: dimension,
      to: dimension,
      source: axis,
      target: { points: [...targets] },
      method,
    })),
    tolerated: 0,
  };
  const lengths = new Map(wanted.map(({ dimension, targets }) => [dimension, targets.length]));
  const interpolated = addOperation(context.table, 'interpolate', [field.node], parameters, {
    dtype: interpolatedType(node.dtype as NumericType, method === 'nearest'),
    dimensions: node.dimensions,
    shape: node.shape.map((extent, axis) => lengths.get(node.dimensions[axis]) ?? extent),
  });
  const result = { ...field, node: interpolated, coordinates: coordinatesAt(field, wanted) };
  return dropOnes(context, result, wanted);
};

async function wantedAxes(context: InferContext, given: Arguments, field: Field): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for (const [name, value] of given.byName()) {
    const known = await knownAxis(context, given.operation, field, name);
    if (wanted.some(({ dimension }) => dimension === known.dimension))
      throw invalid(`dimension "${known.dimension}" is interpolated twice; name it once`);
    const list = typeof value === 'object' ? value : [value];
    const targets = targetValues(known.values, list as (number | string)[]);
    if (targets.length === 0) throw invalid(`"${name}" has no values; expected some, as ${name}=[1, 2]`);
    wanted.push({ ...known, targets, drops: typeof value !== 'object' });
  }
  if (wanted.length > 0) return wanted;
  throw invalid('"interpolate" lacks a dimension; expected its name with values, as pressure=[925, 600]');
}

function assertPositive({ axis, targets, coordinate }: Wanted): void {
  if (axis.points.every((point) => point > 0) && targets.every((target) => target > 0)) return;
  throw invalid(
    `"${coordinate.name}" has values that are not above 0, which have no logarithm; use method=linear`,
  );
}

/** Coordinates of the targets; others along the interpolated dimensions have no values there and are left out. */
function coordinatesAt(field: Field, wanted: readonly Wanted[]): FieldCoordinate[] {
  return field.coordinates.flatMap((coordinate): FieldCoordinate[] => {
    const own = wanted.find((each) => each.coordinate === coordinate);
    if (own !== undefined) {
      const array = { dtype: 'float64' as const, shape: [own.targets.length], values: own.targets };
      const values = { dimensions: [own.dimension], from: { array } };
      // That of the dimension is none where it starts again, as longitudes may.
      const isOwn = coordinate.isDimension || coordinate.name === own.dimension;
      const isDimension = isOwn && isMonotonic(own.targets);
      return [{ ...coordinate, isDimension, values, bounds: undefined }];
    }
    return coordinate.dimensions.some((name) => wanted.some(({ dimension }) => dimension === name))
      ? []
      : [coordinate];
  });
}

async function dropOnes(
  { table, read }: InferContext,
  field: Field,
  wanted: readonly Wanted[],
): Promise<Field> {
  let result = field;
  for (const { dimension, drops } of wanted) {
    if (!drops) continue;
    const slice = { dimension, range: { start: 0, count: 1, step: 1 }, drop: true };
    result = {
      ...result,
      node: sliceNode(table, result.node, slice),
      coordinates: await sliceCoordinates(result.coordinates, slice, read),
    };
  }
  return result;
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
