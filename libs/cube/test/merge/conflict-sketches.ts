import type { MetadataChange } from '@hyperslab/proto/merge';
import { arrayBlock } from '../../src/index.ts';
import type { FileSketch, VariableSketch } from '../build-index.ts';
import { hours, scalar, step } from './merge-sketches.ts';

export const set = (variable: string, name: string, value: string): MetadataChange => ({
  change: {
    $case: 'set',
    value: {
      variable,
      attribute: { name, dtype: 'char', strings: [value], numbers: [], integers: [] },
    },
  },
});
export const drop = (variable: string): MetadataChange => ({
  change: { $case: 'drop', value: { variable } },
});
export const rename = (from: string, to: string): MetadataChange => ({
  change: { $case: 'rename', value: { from, to } },
});
export const add = (name: string, values: number[]): MetadataChange => ({
  change: {
    $case: 'add',
    value: {
      ...{ name, dimension: name, attributes: [] },
      values: arrayBlock({ dtype: 'float64', shape: [values.length], values: Float64Array.from(values) }),
    },
  },
});
export const from = (name: string, pattern: string, attribute = '') => ({
  dimensions: [{ name, pattern, attribute }],
});

const attributesOfT = { units: 'K', standard_name: 'air_temperature' };

/** A file whose parameter has other attributes, or other coordinates. */
export function stepWith(
  url: string,
  times: number[],
  {
    t = {},
    ...more
  }: { t?: Record<string, string>; dimensions?: Record<string, number> } & Record<string, unknown> = {},
  variables: Record<string, VariableSketch> = {},
): FileSketch {
  const file = step(url, times, { ...more, variables });
  file.variables.t.attributes = { ...attributesOfT, ...t };
  return file;
}

/** A file on levels, at one time. */
export function onLevels(url: string, time: number, levels: number[]): FileSketch {
  const file = step(url, [time], {
    dimensions: { z: levels.length },
    variables: {
      z: { dtype: 'float64', dimensions: ['z'], values: levels, attributes: { units: 'hPa' } },
    },
  });
  file.variables.t.dimensions = ['time', 'z', 'y'];
  return file;
}

export const member = (url: string, times: number[], realization: number) =>
  stepWith(url, times, { t: { coordinates: 'realization' } }, { realization: scalar(realization) });
export const run = (url: string, start: number, times: number[]) =>
  stepWith(
    url,
    times,
    { t: { coordinates: 'reftime' } },
    {
      reftime: scalar(start, { units: hours, standard_name: 'forecast_reference_time' }),
    },
  );
export const at = (hour: number) => `2000-01-01T0${hour}:00:00Z`;

export const noleap = step('b', [1]);
noleap.variables.time.attributes = { units: hours, calendar: 'noleap' };
export const single: FileSketch = {
  url: 'b',
  dimensions: { y: 2 },
  variables: {
    t: { dimensions: ['y'], attributes: { ...attributesOfT, coordinates: 'time' } },
    time: scalar(1, { units: hours }),
    y: step('b', []).variables.y,
  },
};
export const lead = (url: string, time: number, units: string) =>
  stepWith(url, [time], { t: { coordinates: 'lead' } }, { lead: scalar(time, { units }) });
export const leads = (url: string, times: number[]) =>
  stepWith(
    url,
    times,
    { t: { coordinates: 'lead' } },
    {
      lead: { dtype: 'float64', dimensions: ['time'], values: times, attributes: { units: '1' } },
    },
  );
export const stations = (url: string, time: number, count: number): FileSketch => ({
  url,
  dimensions: { time: 1, station: count },
  unlimited: ['station'],
  variables: {
    t: { dimensions: ['time', 'station'], attributes: attributesOfT },
    p: { dimensions: ['time'], attributes: { units: 'Pa' } },
    time: { dtype: 'float64', dimensions: ['time'], values: [time], attributes: { units: hours } },
  },
});
export const onRows = (url: string, time: number, values: number[]) =>
  step(url, [time], {
    variables: {
      y: { dtype: 'float64', dimensions: ['y'], values, attributes: { units: 'degrees_north' } },
    },
  });
export const mapped = (url: string, time: number, radius: string) =>
  stepWith(
    url,
    [time],
    { t: { grid_mapping: 'crs' } },
    {
      crs: { dtype: 'int32', values: [0], attributes: { radius } },
    },
  );
export const turned = step('b', [1]);
turned.variables.t.dimensions = ['y', 'time'];

export function inRows(url: string, time: number): FileSketch {
  const { variables, ...file } = step(url, [time]);
  const { time: times, t, y } = variables;
  return {
    ...file,
    dimensions: { time: 1, row: 2 },
    variables: {
      time: times,
      t: { ...t, dimensions: ['time', 'row'] },
      row: { ...y, dimensions: ['row'] },
    },
  };
}
