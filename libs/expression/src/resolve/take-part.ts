import { isFloat, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { runsOf } from '../operations/take/indices.ts';
import { chunkAlong } from '../operations/take/reach.ts';
import type { TakeParameters } from '../operations/take/rule.ts';
import type { Choice } from './choice.ts';
import {
  type CoordinateData,
  gatherData,
  type ReadVariable,
  readData,
  sliceData,
} from './coordinate-data.ts';
import type { Field, FieldCoordinate } from './field.ts';
import type { Known } from './known-values.ts';
import type { MatchedRange } from './match-coordinate.ts';
import { addConcatenate, addOperation } from './node-table.ts';
import { sliceNode } from './slice-node.ts';

/** Numbers of the runs of a plan's node: some megabytes of its message. */
const mostRunNumbers = 3 * 2 ** 18;

/** A part of a field along one dimension, with its part of all coordinates. */
export async function takePart(
  { table, sources, read }: Omit<Known, 'datasets'>,
  field: Field,
  dimension: string,
  choice: Choice,
): Promise<Field> {
  const node = table.nodes[field.node];
  const axis = node.dimensions.indexOf(dimension);
  const coordinates: FieldCoordinate[] = [];
  for (const coordinate of field.coordinates) {
    const part = await partOfCoordinate(coordinate, dimension, choice, read);
    if (part !== undefined) coordinates.push(part);
  }
  if ('indices' in choice) {
    const { indices } = choice;
    const reach = chunkAlong(table, sources, field.node, dimension);
    const runs = runsOf(indices);
    if (runs.length > mostRunNumbers) {
      throw new HyperslabError(
        'TOO_LARGE',
        `selection of "${dimension}" is in ${runs.length / 3} runs of indices, more than a plan holds; select fewer at once`,
      );
    }
    const parameters: TakeParameters = { dimension, runs, reach };
    const shape = node.shape.with(axis, indices.length);
    return {
      ...field,
      node: addOperation(table, 'take', [field.node], parameters, { ...node, shape }),
      coordinates,
    };
  }
  const { ranges, drop } = choice;
  const sliced = ranges.map(({ range }) => sliceNode(table, field.node, { dimension, range, drop }));
  return { ...field, node: addConcatenate(table, sliced, axis), coordinates };
}

async function partOfCoordinate(
  coordinate: FieldCoordinate,
  dimension: string,
  choice: Choice,
  read: ReadVariable | undefined,
): Promise<FieldCoordinate | undefined> {
  if (!coordinate.dimensions.includes(dimension)) return coordinate;
  const parts = 'ranges' in choice ? choice.ranges : [];
  const drop = 'ranges' in choice && choice.drop;
  // A large coordinate of several dimensions is not read only to be joined; the result goes without it.
  if (parts.length !== 1 && coordinate.dimensions.length > 1 && isStored(coordinate.values)) return undefined;
  const turned = coordinate.isDimension && parts.some(({ shift }) => shift !== 0);
  const ranges = parts.map(({ range }) => range);
  const slice = async (data: CoordinateData): Promise<CoordinateData> => {
    if ('indices' in choice) return gatherData(data, dimension, choice.indices, read);
    const part = await sliceData(data, dimension, ranges, drop, read);
    return turned ? { ...part, from: { array: turn(await readData(part, read), parts) } } : part;
  };
  return {
    ...coordinate,
    dimensions: drop ? coordinate.dimensions.filter((name) => name !== dimension) : coordinate.dimensions,
    isDimension: coordinate.isDimension && !drop,
    values: await slice(coordinate.values),
    bounds: coordinate.bounds?.dimensions.includes(dimension)
      ? await slice(coordinate.bounds)
      : coordinate.bounds,
  };
}

function isStored({ from }: CoordinateData): boolean {
  return !('array' in from) && from.variable.data?.$case !== 'inlineValues';
}

/** Longitudes, or their bounds, after whole turns, so that those of a range across the seam go on. */
function turn(array: MaskedArray, parts: readonly MatchedRange[]): MaskedArray {
  const shifts = parts.flatMap(({ range, shift }) => new Array<number>(range.count).fill(shift));
  // Integers become doubles: -90 has no place in a uint16, and 64-bit ones are bigints.
  const dtype = isFloat(array.dtype) ? array.dtype : 'float64';
  const values =
    array.dtype === 'float32' ? new Float32Array(array.values.length) : new Float64Array(array.values.length);
  const each = values.length / shifts.length;
  for (let i = 0; i < values.length; i++) values[i] = Number(array.values[i]) + shifts[Math.floor(i / each)];
  return { ...array, dtype, values };
}
