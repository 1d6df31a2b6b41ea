import { type DataType, type MaskedArray, type RunLengths, regularRuns } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { Result, ResultBox, ResultCoordinate } from '../src/result.ts';
import { blocksOf, rangeArray } from './range-array.ts';

/** A coordinate with its values; of numbers float64 unless told otherwise. */
function coordinate(
  name: string,
  dimensions: readonly string[],
  values: readonly number[] | readonly string[],
  more: Partial<ResultCoordinate> = {},
): ResultCoordinate {
  const isText = typeof values[0] === 'string';
  return {
    name,
    dimensions,
    dtype: isText ? 'string' : 'float64',
    shape: dimensions.length === 0 ? [] : [values.length],
    values: isText ? [...(values as string[])] : Float64Array.from(values as number[]),
    units: '',
    calendar: '',
    standardName: '',
    axis: '',
    ...more,
  };
}

function text(name: string, value: string): Attribute {
  return { name, dtype: 'char', strings: [value], numbers: [], integers: [] };
}

/** Times, two axes, a label, places of two dimensions, and a scalar. */
export const coordinates: readonly ResultCoordinate[] = [
  coordinate('time', ['time'], [0, 6.5, 30], {
    units: 'hours since 2026-02-28',
    calendar: 'standard',
    standardName: 'time',
    axis: 'T',
    bounds: { dtype: 'float64', shape: [3, 2], values: Float64Array.of(-1, 0, 5.5, 6.5, 20, 30) },
  }),
  coordinate('y', ['y'], [10, 20, 30, 40], { units: 'degrees_north', axis: 'Y' }),
  coordinate('station', ['x'], ['a,b', 'Größe', 'd"e', '', 'n'], {}),
  coordinate('height', ['y', 'x'], [], {
    dtype: 'int16',
    shape: [4, 5],
    values: Int16Array.from({ length: 20 }, (_, i) => i * 3),
    units: 'm',
    longName: 'height of the ground',
    positive: 'up',
  }),
  coordinate('pressure', [], [850], { units: 'hPa', standardName: 'air_pressure' }),
];

export const blockGrids: readonly (readonly RunLengths[])[] = [
  [regularRuns(3, 3), regularRuns(4, 4), regularRuns(5, 5)],
  [regularRuns(3, 1), regularRuns(4, 2), regularRuns(5, 5)],
  [regularRuns(3, 2), { sizes: [1, 3], counts: [1, 1] }, regularRuns(5, 2)],
];

export interface SampleOptions {
  name?: string;
  masked?: boolean;
  blockGrid?: readonly RunLengths[];
  attributes?: readonly Attribute[];
}

/** A result on time, y and x, which gives its blocks once. */
export function sampleResult(
  dtype: DataType,
  { name = 'mean(t, level)', masked = true, blockGrid = blockGrids[2], attributes }: SampleOptions = {},
): Result & { array: MaskedArray } {
  const range = rangeArray(dtype, [3, 4, 5]);
  const array: MaskedArray = masked ? range : { dtype, shape: range.shape, values: range.values };
  if (dtype === 'float32' || dtype === 'float64') (array.values as Float32Array)[5] = Number.NaN;
  const head = {
    name,
    dtype,
    units: 'K',
    dimensions: ['time', 'y', 'x'],
    shape: array.shape,
    attributes: attributes ?? [text('standard_name', 'air_temperature'), text('cell_methods', 'level: mean')],
    coordinates,
    blockGrid,
  };
  return { head, array, blocks: () => once(blocksOf(array, blockGrid)) };
}

async function* once(blocks: readonly ResultBox[]): AsyncGenerator<ResultBox> {
  yield* blocks;
}
