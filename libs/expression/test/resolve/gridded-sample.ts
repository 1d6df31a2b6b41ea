import { type MaskedArray, regularRuns } from '@hyperslab/array';
import { numbers, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

const times = [0, 6, 12, 18, 24, 30, 36];
const latitudes = [60, 50, 40, 30];
export const longitudes = Array.from({ length: 12 }, (_, i) => i * 30);

const grid = (lengths: number[], seed: number): MaskedArray =>
  numbers(
    'float64',
    lengths,
    Array.from({ length: lengths.reduce((a, b) => a * b, 1) }, (_, i) => i + seed),
  );

export const variables: SampleVariable[] = [
  {
    name: 't',
    dimensions: ['time', 'latitude', 'longitude'],
    array: grid([7, 4, 12], 0),
    chunks: [regularRuns(7, 2), regularRuns(4, 4), regularRuns(12, 5)],
    attributes: { units: 'K', standard_name: 'air_temperature', _FillValue: 'x', cell_methods: 'area: mean' },
  },
  {
    name: 'u',
    dimensions: ['time', 'latitude', 'longitude'],
    array: grid([7, 4, 12], 500),
    chunks: [regularRuns(7, 1), regularRuns(4, 4), regularRuns(12, 12)],
    attributes: { units: 'm s-1', standard_name: 'wind' },
  },
  {
    name: 'v',
    dimensions: ['time', 'latitude', 'longitude'],
    array: grid([7, 4, 12], 900),
    chunks: [regularRuns(7, 1), regularRuns(4, 4), regularRuns(12, 12)],
    attributes: { units: 'm/s', standard_name: 'wind' },
  },
  {
    name: 'w',
    dimensions: ['time', 'latitude'],
    array: grid([7, 4], 0),
    chunks: [regularRuns(7, 1), regularRuns(4, 4)],
  },
  {
    name: 'time',
    dimensions: ['time'],
    array: numbers('int32', [7], times),
    attributes: { units: 'hours since 2026-02-28', calendar: '360_day', standard_name: 'time' },
  },
  {
    name: 'latitude',
    dimensions: ['latitude'],
    array: numbers('float32', [4], latitudes),
    attributes: { units: 'degrees_north', standard_name: 'latitude' },
  },
  {
    name: 'latitude_bnds',
    dimensions: ['latitude', 'bnds'],
    array: numbers(
      'float32',
      [4, 2],
      latitudes.flatMap((x) => [x + 5, x - 5]),
    ),
  },
  {
    name: 'longitude',
    dimensions: ['longitude'],
    array: numbers('float32', [12], longitudes),
    attributes: { units: 'degrees_east', standard_name: 'longitude' },
  },
  {
    name: 'station',
    dimensions: ['longitude', 'length'],
    array: {
      dtype: 'char',
      shape: [12, 2],
      values: Uint8Array.from(Array.from({ length: 12 }, (_, i) => [65 + i, 0]).flat()),
    },
  },
  { name: 'area', dimensions: ['latitude', 'longitude'], array: grid([4, 12], 0) },
  { name: 'height', dimensions: [], array: numbers('float64', [], [2]), attributes: { units: 'm' } },
  { name: 'level', dimensions: ['n'], array: numbers('float64', [4], [1, 3, 2, 3]) },
  {
    name: 'q',
    dimensions: ['n'],
    array: numbers('float64', [4], [10, 20, 30, 40]),
    chunks: [regularRuns(4, 2)],
  },
  { name: 'other_lat', dimensions: ['latitude'], array: numbers('float64', [4], [61, 51, 41, 31]) },
  { name: 'shifted', dimensions: ['latitude'], array: numbers('float64', [4], [1, 2, 3, 4]) },
  { name: 'names', dimensions: ['n'], array: { dtype: 'string', shape: [4], values: ['a', 'b', 'c', 'd'] } },
  { name: 'm', dimensions: ['m'], array: numbers('float64', [3], [9, 5, 7]) },
  {
    name: 'unordered',
    dimensions: ['m'],
    array: numbers('float64', [3], [1, 2, 3]),
    chunks: [regularRuns(3, 2)],
  },
];
export const axes = [
  { variable: 'time', dimensions: ['time'], axis: 'T' },
  { variable: 'latitude', dimensions: ['latitude'], axis: 'Y', bounds: 'latitude_bnds' },
  { variable: 'longitude', dimensions: ['longitude'], axis: 'X' },
];
/** Fields on time, latitude and longitude, with coordinates of all kinds. */
export const dataset = sampleDataset(variables, {
  t: [
    ...axes,
    { variable: 'station', dimensions: ['longitude'], auxiliary: true },
    { variable: 'area', dimensions: ['latitude', 'longitude'], auxiliary: true },
    { variable: 'height', dimensions: [] },
  ],
  u: axes,
  v: axes,
  w: axes.slice(0, 2),
  q: [
    { variable: 'level', dimensions: ['n'], auxiliary: true },
    { variable: 'names', dimensions: ['n'], auxiliary: true },
  ],
  unordered: [{ variable: 'm', dimensions: ['m'], auxiliary: true }],
  shifted: [{ variable: 'other_lat', dimensions: ['latitude'] }],
});
