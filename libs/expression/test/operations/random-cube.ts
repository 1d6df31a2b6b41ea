import {
  allocateValues,
  elementCount,
  type MaskedArray,
  type RunLengths,
  regularRuns,
} from '@hyperslab/array';
import fc from 'fast-check';
import type { SampleCoordinate, SampleVariable } from '../sample-dataset.ts';

/** A cube "t" of some of time, level, lat and lon, with coordinates along all of them. */
export interface RandomCube {
  variables: SampleVariable[];
  cubes: Record<string, SampleCoordinate[]>;
  /** Extents of its dimensions. */
  lengths: Record<string, number>;
}

export interface CubeOptions {
  /** Names of dimensions that it has; others come by chance. */
  dimensions?: readonly string[];
  /** Longest extent of a dimension. @default 9 */
  longest?: number;
  dtypes?: readonly ('float32' | 'float64' | 'int16')[];
  calendars?: readonly string[];
}

const standardNames: Record<string, string> = {
  time: 'time',
  level: 'air_pressure',
  lat: 'latitude',
  lon: 'longitude',
};
const units: Record<string, string> = { level: 'hPa', lat: 'degrees_north', lon: 'degrees_east' };

/** Cubes of any shape, type, chunks, mask and NaN. */
export function randomCube({
  dimensions: wanted = [],
  longest = 9,
  dtypes = ['float32', 'float64', 'int16'],
  calendars = ['standard'],
}: CubeOptions = {}): fc.Arbitrary<RandomCube> {
  const shape = fc
    .subarray(Object.keys(standardNames))
    .map((some) => Object.keys(standardNames).filter((name) => wanted.includes(name) || some.includes(name)))
    .chain((dimensions) =>
      fc.record({
        dimensions: fc.shuffledSubarray(dimensions, { minLength: dimensions.length }),
        extents: fc.array(fc.integer({ min: 1, max: longest }), { minLength: 4, maxLength: 4 }),
      }),
    )
    .map(({ dimensions, extents }) => ({ dimensions, shape: dimensions.map((_, axis) => extents[axis]) }));
  return shape.chain((each) =>
    fc
      .record({
        array: randomArray(each.shape, dtypes),
        chunks: fc.tuple(...each.shape.map(chunksOf)),
        time: timeValues(each.shape[each.dimensions.indexOf('time')] ?? 0, calendars),
        descends: fc.boolean(),
      })
      .map((parts) => cubeOf(each.dimensions, parts)),
  );
}

function chunksOf(extent: number): fc.Arbitrary<RunLengths> {
  return fc.integer({ min: 1, max: extent }).map((size) => regularRuns(extent, size));
}

function randomArray(shape: number[], dtypes: readonly string[]): fc.Arbitrary<MaskedArray> {
  const count = elementCount(shape);
  return fc
    .record({
      dtype: fc.constantFrom(...(dtypes as MaskedArray['dtype'][])),
      numbers: fc.array(fc.integer({ min: -400, max: 400 }), { minLength: count, maxLength: count }),
      masked: fc.option(fc.array(fc.nat({ max: 3 }), { minLength: count, maxLength: count }), {
        nil: undefined,
      }),
      nan: fc.boolean(),
    })
    .map(({ dtype, numbers, masked, nan }): MaskedArray => {
      const values = allocateValues(dtype, count) as Float64Array;
      const isFloat = dtype.startsWith('float');
      numbers.forEach((number, i) => {
        values[i] = isFloat ? (nan && number % 9 === 0 ? Number.NaN : number / 8) : number;
      });
      return { dtype, shape, values, mask: masked && Uint8Array.from(masked, (n) => (n === 0 ? 1 : 0)) };
    });
}

interface TimeValues {
  values: number[];
  units: string;
  calendar: string;
}

/** Times in order, evenly spaced or not, of hours to months. */
function timeValues(count: number, calendars: readonly string[]): fc.Arbitrary<TimeValues> {
  return fc
    .record({
      steps: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: count, maxLength: count }),
      even: fc.boolean(),
      unit: fc.constantFrom('hours', 'days'),
      year: fc.integer({ min: 1890, max: 2030 }),
      month: fc.integer({ min: 1, max: 12 }),
      calendar: fc.constantFrom(...calendars),
    })
    .map(({ steps, even, unit, year, month, calendar }) => {
      let sum = 0;
      const values = steps.map((step) => (sum += even ? steps[0] : step));
      return { values, units: `${unit} since ${year}-${String(month).padStart(2, '0')}-01`, calendar };
    });
}

function cubeOf(
  dimensions: string[],
  parts: { array: MaskedArray; chunks: RunLengths[]; time: TimeValues; descends: boolean },
): RandomCube {
  const { array, chunks, time, descends } = parts;
  const spread = (count: number, from: number, to: number) =>
    Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 0.5)) / count);
  const values: Record<string, (count: number) => number[]> = {
    time: () => time.values,
    level: (count) => Array.from({ length: count }, (_, i) => 1000 - 50 * i - i * i),
    lat: (count) => (descends ? spread(count, 80, -90) : spread(count, -60, 75)),
    lon: (count) => spread(count, 0, 360),
  };
  const coordinates = dimensions.map((name, axis): SampleVariable => {
    const extent = array.shape[axis];
    const attributes: Record<string, string> =
      name === 'time' ? { units: time.units, calendar: time.calendar } : { units: units[name] };
    return {
      name,
      dimensions: [name],
      array: { dtype: 'float64', shape: [extent], values: Float64Array.from(values[name](extent)) },
      attributes: { ...attributes, standard_name: standardNames[name] },
    };
  });
  return {
    variables: [{ name: 't', dimensions, array, chunks, attributes: { units: 'K' } }, ...coordinates],
    cubes: { t: dimensions.map((name) => ({ variable: name, dimensions: [name] })) },
    lengths: Object.fromEntries(dimensions.map((name, axis) => [name, array.shape[axis]])),
  };
}
