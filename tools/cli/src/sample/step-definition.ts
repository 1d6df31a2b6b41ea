import type { Netcdf4Definition, VariableDefinition } from '@hyperslab/netcdf-writer';
import type { Attribute } from '@hyperslab/proto/array';
import { packedFill } from './level-values.ts';
import { type Parameter, parameters, pressureLevels } from './parameters.ts';
import type { RunShape } from './run-plan.ts';

const timeUnits = 'hours since 1970-01-01 00:00:00';
/** 2022-06-16 00:00. */
const referenceTime = 459816;
const south = 45;
const north = 63;
const west = -15;
const east = 9;
/** Higher levels take longer and gain nearly nothing on noise. */
const deflateLevel = 2;
const largestChunk: readonly number[] = [1, 1, 300, 400];

/** The file of one forecast step. */
export function stepDefinition(shape: RunShape, step: number, seed: number): Netcdf4Definition {
  const { levels, rows, columns } = shape;
  return {
    dimensions: [
      { name: 'time', length: 1 },
      { name: 'pressure', length: levels },
      { name: 'latitude', length: rows },
      { name: 'longitude', length: columns },
      { name: 'bnds', length: 2 },
    ],
    attributes: [
      text('Conventions', 'CF-1.10'),
      text('title', 'Synthetic model run'),
      text('institution', 'Hyperslab'),
      text('source', `hyperslab sample, seed ${seed}`),
    ],
    variables: [
      ...timeCoordinates(step),
      {
        name: 'pressure',
        dtype: 'float32',
        dimensions: ['pressure'],
        attributes: [
          text('standard_name', 'air_pressure'),
          text('units', 'hPa'),
          text('positive', 'down'),
          text('axis', 'Z'),
        ],
        values: Float32Array.from(pressureLevels.slice(0, levels)),
      },
      ...horizontal('latitude', 'degrees_north', 'Y', south, north, rows),
      ...horizontal('longitude', 'degrees_east', 'X', west, east, columns),
      {
        name: 'crs',
        dtype: 'int32',
        dimensions: [],
        attributes: [
          text('grid_mapping_name', 'latitude_longitude'),
          numbers('earth_radius', 'float64', 6371229),
        ],
        values: Int32Array.of(0),
      },
      ...parameters.map((parameter) => field(parameter, shape)),
    ],
  };
}

function timeCoordinates(step: number): VariableDefinition[] {
  const time = (name: string): Attribute[] => [
    text('standard_name', name),
    text('units', timeUnits),
    text('calendar', 'standard'),
  ];
  return [
    {
      name: 'time',
      dtype: 'float64',
      dimensions: ['time'],
      attributes: [...time('time'), text('axis', 'T')],
      values: Float64Array.of(referenceTime + step),
    },
    {
      name: 'forecast_reference_time',
      dtype: 'float64',
      dimensions: [],
      attributes: time('forecast_reference_time'),
      values: Float64Array.of(referenceTime),
    },
    {
      name: 'forecast_period',
      dtype: 'float64',
      dimensions: ['time'],
      attributes: [text('standard_name', 'forecast_period'), text('units', 'hours')],
      values: Float64Array.of(step),
    },
  ];
}

function horizontal(
  name: string,
  units: string,
  axis: string,
  first: number,
  last: number,
  count: number,
): VariableDefinition[] {
  const distance = (last - first) / (count - 1);
  const bounds = `${name}_bnds`;
  return [
    {
      name,
      dtype: 'float32',
      dimensions: [name],
      attributes: [
        text('standard_name', name),
        text('units', units),
        text('axis', axis),
        text('bounds', bounds),
      ],
      values: Float32Array.from({ length: count }, (_, i) => first + i * distance),
    },
    {
      name: bounds,
      dtype: 'float32',
      dimensions: [name, 'bnds'],
      attributes: [],
      values: Float32Array.from(
        { length: 2 * count },
        (_, i) => first + (Math.floor(i / 2) + (i % 2) - 0.5) * distance,
      ),
    },
  ];
}

function field(parameter: Parameter, { rows, columns }: RunShape): VariableDefinition {
  const { name, standardName, units, quantum, packedOffset } = parameter;
  const isPacked = packedOffset !== undefined;
  const attributes = [
    isPacked
      ? numbers('_FillValue', 'int16', packedFill)
      : numbers('_FillValue', 'float32', 9.969209968386869e36),
    text('standard_name', standardName),
    text('units', units),
    text('grid_mapping', 'crs'),
    text('cell_methods', 'time: point'),
    text('coordinates', 'forecast_period forecast_reference_time'),
  ];
  if (isPacked)
    attributes.push(
      numbers('scale_factor', 'float32', quantum),
      numbers('add_offset', 'float32', packedOffset),
    );
  const extents = [1, 1, rows, columns];
  return {
    name,
    dtype: isPacked ? 'int16' : 'float32',
    dimensions: ['time', 'pressure', 'latitude', 'longitude'],
    attributes,
    chunks: {
      shape: largestChunk.map((extent, axis) => Math.min(extent, extents[axis])),
      deflateLevel,
      shuffle: true,
    },
  };
}

function text(name: string, value: string): Attribute {
  return { name, dtype: 'char', strings: [value], numbers: [], integers: [] };
}

function numbers(name: string, dtype: string, value: number): Attribute {
  return { name, dtype, strings: [], numbers: [value], integers: [] };
}
