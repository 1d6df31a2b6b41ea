import { regularRuns } from '@hyperslab/array';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const hours = 'hours since 2026-11-01';
export const started = { standard_name: 'forecast_reference_time', units: hours };
export const valid = { standard_name: 'time', units: hours };

/** A run as a variable, with times along `time` and its start. */
function runOf(name: string, start: number, leads: number[], units = hours, calendar = ''): SampleVariable[] {
  const inUnits = (hour: number) => (units.startsWith('days') ? hour / 24 : hour);
  const values = leads.map((lead) => 100 * start + lead);
  const times = leads.map((lead) => inUnits(start + lead));
  return [
    {
      name,
      dimensions: ['time'],
      array: numbers('float32', [leads.length], values),
      attributes: { units: 'K' },
      chunks: [regularRuns(leads.length, 1)],
    },
    {
      name: `time_${name}`,
      dimensions: ['time'],
      array: numbers('float64', [leads.length], times),
      attributes: { ...valid, units, calendar },
    },
    {
      name: `start_${name}`,
      dimensions: [],
      array: numbers('float64', [], [inUnits(start)]),
      attributes: { ...started, units, calendar },
    },
  ];
}

/** Forecasts of all kinds of runs. */
export const variables: SampleVariable[] = [
  ...runOf('a', 0, [0, 6, 12, 18]),
  ...runOf('b', 6, [0, 12], 'days since 2026-11-01'),
  ...runOf('c', 12, [0, 6]),
  ...runOf('again', 6, [12]),
  ...runOf('years', 6, [0], hours, '360_day'),
  ...runOf('early', 0, [6]),
  ...runOf('empty', 6, []),
  ...runOf('unknown', Number.NaN, [0]),
  // Runs by steps: the second lacks its last.
  {
    name: 'x',
    dimensions: ['run', 'step'],
    array: numbers('float32', [2, 3], [0, 6, 12, 606, 612, -1]),
    chunks: [regularRuns(2, 1), regularRuns(3, 1)],
  },
  { name: 'run', dimensions: ['run'], array: numbers('int32', [2], [0, 6]), attributes: started },
  {
    name: 'lead',
    dimensions: ['step'],
    array: numbers('int32', [3], [0, 6, 12]),
    attributes: { standard_name: 'forecast_period', units: 'hours' },
  },
  {
    name: 'times',
    dimensions: ['run', 'step'],
    array: { ...numbers('float64', [2, 3], [0, 6, 12, 6, 12, 0]), mask: Uint8Array.of(0, 0, 0, 0, 0, 1) },
    attributes: valid,
  },
  // Runs of a day by the hour, each counted in days from its own start.
  ...['morning', 'noon'].flatMap((name, i): SampleVariable[] => {
    const ofRun = `days since 2026-11-01T${i === 0 ? '00' : '06'}:00`;
    return [
      { name, dimensions: ['time'], array: numbers('float32', [24], new Array(24).fill(i)) },
      {
        name: `time_${name}`,
        dimensions: ['time'],
        array: numbers(
          'float64',
          [24],
          Array.from({ length: 24 }, (_, hour) => hour / 24),
        ),
        attributes: { ...valid, units: ofRun },
      },
      {
        name: `start_${name}`,
        dimensions: [],
        array: numbers('float64', [], [0]),
        attributes: { ...started, units: ofRun },
      },
    ];
  }),
  // The one at noon, with times that float32 has hardly.
  { name: 'rough', dimensions: ['time'], array: numbers('float32', [24], new Array(24).fill(2)) },
  {
    name: 'time_rough',
    dimensions: ['time'],
    array: numbers(
      'float32',
      [24],
      Array.from({ length: 24 }, (_, hour) => 46_325 + (hour + 6) / 24),
    ),
    attributes: { ...valid, units: 'days since 1900-01-01' },
  },
  {
    name: 'start_rough',
    dimensions: [],
    array: numbers('float64', [], [46_325.25]),
    attributes: { ...started, units: 'days since 1900-01-01' },
  },
  // One step, whose time is the start of its run.
  { name: 'grib', dimensions: [], array: numbers('float32', [], [7]) },
  { name: 'time', dimensions: [], array: numbers('float64', [], [6]), attributes: started },
  { name: 'valid_time', dimensions: [], array: numbers('float64', [], [12]), attributes: valid },
  // The same as x, with lead times that are called as their dimension.
  { name: 'led', dimensions: ['run', 'step'], array: numbers('float32', [2, 3], [0, 6, 12, 606, 612, -1]) },
  {
    name: 'step',
    dimensions: ['step'],
    array: numbers('int32', [3], [0, 6, 12]),
    attributes: { standard_name: 'forecast_period', units: 'hours' },
  },
  // What is given beside b, and nothing taken of it.
  {
    name: 'wide',
    dimensions: ['time', 'y'],
    array: numbers('float32', [1, 2], [1, 2]),
  },
  {
    name: 'metres',
    dimensions: ['time'],
    array: numbers('float64', [1], [1]),
    attributes: { units: 'm' },
  },
  // No runs.
  { name: 'none', dimensions: ['run0', 'time'], array: numbers('float32', [0, 2], []) },
  { name: 'run0', dimensions: ['run0'], array: numbers('float64', [0], []), attributes: started },
  { name: 'times0', dimensions: ['run0', 'time'], array: numbers('float64', [0, 2], []), attributes: valid },
  // All runs with the same times.
  { name: 'same', dimensions: ['run', 'time'], array: numbers('float32', [2, 2], [1, 2, 3, 4]) },
  { name: 'plain', dimensions: ['time'], array: numbers('float32', [2], [1, 2]) },
];
const one = (name: string) => [
  { variable: `time_${name}`, dimensions: ['time'] },
  { variable: `start_${name}`, dimensions: [] },
];
export const dataset = sampleDataset(variables, {
  ...Object.fromEntries(
    ['a', 'b', 'c', 'again', 'years', 'early', 'empty', 'unknown', 'morning', 'noon', 'rough'].map((name) => [
      name,
      one(name),
    ]),
  ),
  x: [
    { variable: 'run', dimensions: ['run'] },
    { variable: 'lead', dimensions: ['step'] },
    { variable: 'times', dimensions: ['run', 'step'], auxiliary: true },
  ],
  grib: [
    { variable: 'time', dimensions: [] },
    { variable: 'valid_time', dimensions: [] },
  ],
  led: [
    { variable: 'run', dimensions: ['run'] },
    { variable: 'step', dimensions: ['step'] },
    { variable: 'times', dimensions: ['run', 'step'], auxiliary: true },
  ],
  same: [
    { variable: 'run', dimensions: ['run'] },
    { variable: 'time_again', dimensions: ['time'] },
  ],
  none: [
    { variable: 'run0', dimensions: ['run0'] },
    { variable: 'times0', dimensions: ['run0', 'time'], auxiliary: true },
  ],
  wide: one('early'),
  metres: one('early'),
  plain: [{ variable: 'time_again', dimensions: ['time'] }],
});
