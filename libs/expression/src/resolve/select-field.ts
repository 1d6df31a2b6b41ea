import { type IndexRange, isFloat, lastIndex, type MaskedArray, wholeRange } from '@hyperslab/array';
import { HyperslabError, shortened } from '@hyperslab/errors';
import type { IndexSpan, Selector } from '@hyperslab/proto/expression';
import { nearMatches } from '../near-matches.ts';
import { coordinateAxis } from './coordinate-axis.ts';
import { type CoordinateData, type ReadVariable, readData, sliceData } from './coordinate-data.ts';
import type { Field, FieldCoordinate } from './field.ts';
import { type MatchedRange, matchRange, matchValue } from './match-coordinate.ts';
import { addConcatenate, type NodeTable } from './node-table.ts';
import { sliceNode } from './slice-node.ts';

interface Context {
  table: NodeTable;
  read?: ReadVariable;
}

/** What a selector's name stands for. */
interface Target {
  dimension?: string;
  coordinate?: FieldCoordinate;
}

/** A part of a field. Throws EXPRESSION_INVALID for names and values that it does not have. */
export async function selectField(
  context: Context,
  field: Field,
  selectors: readonly Selector[],
): Promise<Field> {
  const chosen = new Map<string, string>();
  let selected = field;
  for (const selector of selectors) {
    const target = findTarget(context, field, selector.name);
    if (target.dimension === undefined) {
      await checkScalar(context, target.coordinate!, selector);
      continue;
    }
    const before = chosen.get(target.dimension);
    if (before !== undefined)
      throw invalid(`"${before}" and "${selector.name}" both select from dimension "${target.dimension}"`);
    chosen.set(target.dimension, selector.name);
    const { ranges, drop } = await resolveSelector(context, field, target, selector);
    selected = await takePart(context, selected, target.dimension, ranges, drop);
  }
  return selected;
}

/** The dimension or coordinate of a name: its own, else a standard name, else an axis T, Z, Y or X. */
export function findTarget({ table }: Pick<Context, 'table'>, field: Field, name: string): Target {
  const { dimensions } = table.nodes[field.node];
  const coordinateOf = (dimension: string) =>
    field.coordinates.find((each) => each.isDimension && each.dimensions[0] === dimension);
  if (dimensions.includes(name)) {
    // A variable named as its dimension that is not in order is no dimension coordinate, but it is the one meant.
    const named = field.coordinates.find((each) => each.name === name && each.dimensions.join() === name);
    return { dimension: name, coordinate: coordinateOf(name) ?? named };
  }
  const by = (matches: (coordinate: FieldCoordinate) => boolean) => field.coordinates.filter(matches);
  const found = [
    by((each) => each.name === name),
    by((each) => each.standardName === name),
    by((each) => each.axis === name),
  ]
    .map((matches) =>
      matches.length > 1 && matches.some((each) => each.isDimension)
        ? matches.filter((each) => each.isDimension)
        : matches,
    )
    .find((matches) => matches.length > 0);
  if (found === undefined) throw unknownName(field, dimensions, name);
  if (found.length > 1)
    throw invalid(`"${name}" is ${found.map((each) => each.name).join(' and ')}; name one of them`);
  const [coordinate] = found;
  if (coordinate.dimensions.length > 1) {
    throw invalid(
      `coordinate "${name}" has dimensions ${coordinate.dimensions.join(', ')}; select by these, for instance ${coordinate.dimensions[0]}=#0`,
    );
  }
  return { dimension: coordinate.dimensions[0], coordinate };
}

async function resolveSelector(
  context: Context,
  field: Field,
  { dimension, coordinate }: Target,
  selector: Selector,
): Promise<{ ranges: MatchedRange[]; drop: boolean }> {
  const node = context.table.nodes[field.node];
  const length = node.shape[node.dimensions.indexOf(dimension!)];
  const by = selector.by!;
  if (by.$case === 'index') {
    if (by.value >= length)
      throw invalid(`${selector.name}=#${by.value} is past the end; indices go from 0 to ${length - 1}`);
    return { ranges: [{ range: { start: by.value, count: 1, step: 1 }, shift: 0 }], drop: true };
  }
  if (by.$case === 'indices')
    return { ranges: [{ range: spanRange(selector.name, by.value, length), shift: 0 }], drop: false };
  if (coordinate === undefined) {
    throw invalid(`dimension "${dimension}" has no coordinate; select by index: ${selector.name}=#0`);
  }
  const axis = coordinateAxis(coordinate, await readData(coordinate.values, context.read));
  if (by.$case === 'values') return { ranges: matchRange(axis, by.value), drop: false };
  return {
    ranges: [{ range: { start: matchValue(axis, by.value), count: 1, step: 1 }, shift: 0 }],
    drop: true,
  };
}

function spanRange(name: string, { start = 0, end, step = 1 }: IndexSpan, length: number): IndexRange {
  const stop = Math.min(end ?? length, length);
  if (step < 1) throw invalid(`${name} has the step ${step}; expected at least 1`);
  if (start >= stop)
    throw invalid(
      `${name}=#${start}:#${end ?? ''} holds no index; it has ${length}, and the end is excluded`,
    );
  return { start, count: Math.ceil((stop - start) / step), step };
}

async function takePart(
  { table, read }: Context,
  field: Field,
  dimension: string,
  parts: readonly MatchedRange[],
  drop: boolean,
): Promise<Field> {
  const axis = table.nodes[field.node].dimensions.indexOf(dimension);
  const sliced = parts.map(({ range }) => sliceNode(table, field.node, { dimension, range, drop }));
  const coordinates: FieldCoordinate[] = [];
  for (const coordinate of field.coordinates) {
    const part = await partOfCoordinate(coordinate, dimension, parts, drop, read);
    if (part !== undefined) coordinates.push(part);
  }
  return { ...field, node: addConcatenate(table, sliced, axis), coordinates };
}

async function partOfCoordinate(
  coordinate: FieldCoordinate,
  dimension: string,
  parts: readonly MatchedRange[],
  drop: boolean,
  read: ReadVariable | undefined,
): Promise<FieldCoordinate | undefined> {
  if (!coordinate.dimensions.includes(dimension)) return coordinate;
  // A large coordinate of several dimensions is not read only to be joined; the result goes without it.
  if (parts.length > 1 && coordinate.dimensions.length > 1 && isStored(coordinate.values)) return undefined;
  const turned = coordinate.isDimension && parts.some(({ shift }) => shift !== 0);
  const ranges = parts.map(({ range }) => range);
  const slice = async (data: CoordinateData): Promise<CoordinateData> => {
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

async function checkScalar(
  { read }: Context,
  coordinate: FieldCoordinate,
  { name, by }: Selector,
): Promise<void> {
  const array = await readData(coordinate.values, read);
  const isText = array.dtype === 'char' || array.dtype === 'string';
  const axis = coordinateAxis(coordinate, {
    ...array,
    shape: isText && array.shape.length > 0 ? [1, ...array.shape.slice(-1)] : [1],
  });
  if (by?.$case === 'value') matchValue(axis, by.value);
  else if (by?.$case === 'values') matchRange(axis, by.value);
  else {
    const { start, count } =
      by?.$case === 'index' ? { start: by.value, count: 1 } : spanRange(name, by!.value, wholeRange(1).count);
    if (lastIndex({ start, count, step: 1 }) > 0)
      throw invalid(`${name}=#${start} is past the end; "${name}" has one value`);
  }
}

function unknownName(field: Field, dimensions: readonly string[], name: string): HyperslabError {
  const known = [...new Set([...dimensions, ...field.coordinates.map((each) => each.name)])];
  const near = nearMatches(name, known);
  const advice =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `it has ${known.join(', ') || 'none'}`;
  const of = field.name === '' ? '' : ` of "${field.name}"`;
  return new HyperslabError(
    'EXPRESSION_INVALID',
    `"${shortened(name)}" is no dimension or coordinate${of}; ${advice}`,
    {
      name: shortened(name),
    },
  );
}

function invalid(message: string): HyperslabError {
  return new HyperslabError('EXPRESSION_INVALID', message);
}
