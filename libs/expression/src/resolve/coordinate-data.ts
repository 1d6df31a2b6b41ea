import {
  allocateValues,
  composeRanges,
  copyRegion,
  decodeArray,
  elementCount,
  encodeArray,
  type IndexRange,
  type MaskedArray,
  type NumericValues,
  wholeSelection,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import { gather } from '@hyperslab/kernels';
import type { Dataset, Variable } from '@hyperslab/proto/cube';
import type { CoordinateValues } from '@hyperslab/proto/expression';

/** Values of a coordinate or of its bounds: a hyperslab of a variable, read when needed, or values that were made. */
export interface CoordinateData {
  /** Names of its dimensions, those of the cube and others: the vertices of bounds, the characters of a label. */
  dimensions: string[];
  from:
    | { dataset: Dataset; variable: Variable; ranges: IndexRange[]; dropped: number[] }
    | { array: MaskedArray };
}

/** Reads a whole variable that is not inline. */
export type ReadVariable = (dataset: Dataset, variable: Variable) => Promise<MaskedArray>;

/** All of a variable. */
export function storedData(dataset: Dataset, variable: Variable): CoordinateData {
  const ranges = wholeSelection(variable.shape);
  return { dimensions: [...variable.dimensions], from: { dataset, variable, ranges, dropped: [] } };
}

/** The values. Throws what the reader throws, and NOT_COMPUTABLE when there is none and values are not inline. */
export async function readData(data: CoordinateData, read: ReadVariable | undefined): Promise<MaskedArray> {
  if ('array' in data.from) return data.from.array;
  const { dataset, variable, ranges, dropped } = data.from;
  const whole = inlineArray(variable) ?? (await read?.(dataset, variable));
  if (whole === undefined) {
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `values of coordinate "${variable.name}" are not at hand; select by index`,
    );
  }
  return takeRanges(whole, ranges, dropped);
}

/** Values of a variable that carries them; undefined for one whose values are in chunks. */
export function inlineArray(variable: Variable): MaskedArray | undefined {
  return variable.data?.$case === 'inlineValues' ? decodeArray(variable.data.value) : undefined;
}

/** A hyperslab of an array, without the dropped dimensions. */
export function takeRanges(
  array: MaskedArray,
  ranges: readonly IndexRange[],
  dropped: readonly number[],
): MaskedArray {
  const counts = ranges.map(({ count }) => count);
  const shape = counts.filter((_, axis) => !dropped.includes(axis));
  const count = elementCount(counts);
  const origin = ranges.map(({ start }) => start);
  const from = { arrayShape: array.shape, origin, step: ranges.map(({ step }) => step) };
  const to = { arrayShape: counts, origin: counts.map(() => 0) };
  const values: NumericValues | string[] = Array.isArray(array.values)
    ? new Array<string>(count)
    : allocateValues(array.dtype, count);
  copyRegion(array.values, from, values, to, counts);
  if (array.mask === undefined) return { dtype: array.dtype, shape, values };
  const mask = new Uint8Array(count);
  copyRegion(array.mask, from, mask, to, counts);
  return { dtype: array.dtype, shape, values, mask };
}

/** A part along one dimension; one range more than one is a join of parts, which must be read. */
export async function sliceData(
  data: CoordinateData,
  dimension: string,
  ranges: readonly IndexRange[],
  drop: boolean,
  read: ReadVariable | undefined,
): Promise<CoordinateData> {
  const axis = data.dimensions.indexOf(dimension);
  const dimensions = drop ? data.dimensions.toSpliced(axis, 1) : data.dimensions;
  if (ranges.length === 1 && !('array' in data.from)) {
    const { from } = data;
    const stored = from.ranges.map((_, i) => i).filter((i) => !from.dropped.includes(i))[axis];
    const composed = from.ranges.with(stored, composeRanges(from.ranges[stored], ranges[0]));
    return {
      dimensions,
      from: {
        ...from,
        ranges: composed,
        dropped: drop ? [...from.dropped, stored].sort((a, b) => a - b) : from.dropped,
      },
    };
  }
  const whole = await readData(data, read);
  const selection = wholeSelection(whole.shape);
  const parts = ranges.map((range) => takeRanges(whole, selection.with(axis, range), drop ? [axis] : []));
  return { dimensions, from: { array: joinArrays(parts, axis) } };
}

/** Indices along one dimension in any order, for which all of it must be read. */
export async function gatherData(
  data: CoordinateData,
  dimension: string,
  indices: readonly number[],
  read: ReadVariable | undefined,
): Promise<CoordinateData> {
  const array = gather(await readData(data, read), data.dimensions.indexOf(dimension), indices);
  return { dimensions: data.dimensions, from: { array } };
}

/** Arrays of equal shape but along one dimension, joined along it. */
export function joinArrays(parts: readonly MaskedArray[], axis: number): MaskedArray {
  if (parts.length === 1) return parts[0];
  const [first] = parts;
  const length = parts.reduce((sum, { shape }) => sum + shape[axis], 0);
  const shape = first.shape.with(axis, length);
  const count = elementCount(shape);
  const values = Array.isArray(first.values) ? new Array<string>(count) : allocateValues(first.dtype, count);
  const mask = parts.some((part) => part.mask !== undefined) ? new Uint8Array(count) : undefined;
  let start = 0;
  for (const part of parts) {
    const from = { arrayShape: part.shape, origin: part.shape.map(() => 0) };
    const to = { arrayShape: shape, origin: part.shape.map((_, i) => (i === axis ? start : 0)) };
    copyRegion(part.values, from, values, to, part.shape);
    if (part.mask !== undefined) copyRegion(part.mask, from, mask!, to, part.shape);
    start += part.shape[axis];
  }
  return { dtype: first.dtype, shape, values, mask };
}

/** True when both are the same hyperslab of the same variable. */
export function isSameData(a: CoordinateData, b: CoordinateData): boolean {
  if ('array' in a.from || 'array' in b.from) return a.from === b.from;
  return selectionKey(a.from) === selectionKey(b.from);
}

type Stored = Exclude<CoordinateData['from'], { array: MaskedArray }>;

function selectionKey({ dataset, variable, ranges, dropped }: Stored): string {
  return JSON.stringify([dataset.name, dataset.version, variable.name, ranges, dropped]);
}

/** As a result carries it: values where they are inline, else where to read them. */
export function describeData({ from }: CoordinateData): CoordinateValues {
  if ('array' in from) return inlineValues(from.array);
  const { dataset, variable, ranges, dropped } = from;
  const whole = inlineArray(variable);
  if (whole !== undefined) return inlineValues(takeRanges(whole, ranges, dropped));
  return {
    where: {
      $case: 'selection',
      value: {
        dataset: `${dataset.name}@${dataset.version}`,
        variable: variable.name,
        ranges,
        droppedDimensions: dropped,
      },
    },
  };
}

function inlineValues(array: MaskedArray): CoordinateValues {
  const { data, mask, ...rest } = encodeArray(array);
  return {
    where: { $case: 'inlineValues', value: { ...rest, data: Buffer.from(data), mask: Buffer.from(mask) } },
  };
}
