import { type MaskedArray, regularRuns } from '@hyperslab/array';
import { placeOnGlobe } from '@hyperslab/cube';
import type { Dataset } from '@hyperslab/proto/cube';
import { numbers, type SampleCoordinate, type SampleVariable, sampleDataset } from '../sample-dataset.ts';

/** A grid of rows and columns, of the globe or of a rotated pole: latitude and longitude of the pole. */
export interface SampleGrid {
  pole?: readonly [number, number] | null;
  latitude: readonly number[];
  longitude: readonly number[];
  latitudeBounds?: readonly number[];
  longitudeBounds?: readonly number[];
  /** Of its points; float64 unless told. */
  dtype?: 'float32' | 'float64';
}

/** A dataset with `t` over time, rows and columns of one grid and `like` of no values but on another. */
export function griddedDataset(
  data: MaskedArray,
  source: SampleGrid,
  target: SampleGrid,
): { dataset: Dataset; variables: SampleVariable[] } {
  const variables: SampleVariable[] = [
    ...arrays(data, ['y', 'x'], target),
    ...axesOf(source, 'y', 'x'),
    ...axesOf(target, 'row', 'column'),
  ];
  const dataset = sampleDataset(variables, {
    t: coordinatesOf(source, 'y', 'x'),
    like: coordinatesOf(target, 'row', 'column'),
  });
  setPole(dataset, 't', source.pole);
  setPole(dataset, 'like', target.pole);
  return { dataset, variables };
}

/** `t` over time and two dimensions, and `like`. */
function arrays(
  data: MaskedArray,
  dimensions: readonly string[],
  { latitude, longitude }: SampleGrid,
): SampleVariable[] {
  return [
    {
      name: 't',
      dimensions: ['time', ...dimensions],
      array: data,
      chunks: data.shape.map((extent) => regularRuns(extent, 3)),
      attributes: { units: 'K', standard_name: 'air_temperature' },
    },
    {
      name: 'like',
      dimensions: ['row', 'column'],
      array: numbers('float64', [latitude.length, longitude.length], []),
      chunks: [],
    },
  ];
}

function axesOf(
  { pole, dtype = 'float64', ...grid }: SampleGrid,
  row: string,
  column: string,
): SampleVariable[] {
  const prefix = pole ? 'grid_' : '';
  const axis = (name: string, which: 'latitude' | 'longitude'): SampleVariable[] => {
    const [points, bounds] = [grid[which], grid[`${which}Bounds`]];
    const values = numbers(dtype, [points.length], points);
    const attributes = { standard_name: prefix + which, units: 'degrees' };
    const ends = bounds && numbers('float64', [points.length, 2], bounds);
    return [
      { name, dimensions: [name], array: values, attributes },
      ...(ends ? [{ name: `${name}_bnds`, dimensions: [name, 'bnds'], array: ends }] : []),
    ];
  };
  return [...axis(row, 'latitude'), ...axis(column, 'longitude')];
}

function coordinatesOf(grid: SampleGrid, row: string, column: string): SampleCoordinate[] {
  const bounds = (name: string, ends: readonly number[] | undefined) => (ends ? `${name}_bnds` : undefined);
  return [
    { variable: row, dimensions: [row], bounds: bounds(row, grid.latitudeBounds) },
    { variable: column, dimensions: [column], bounds: bounds(column, grid.longitudeBounds) },
  ];
}

function setPole(dataset: Dataset, name: string, pole: SampleGrid['pole']): void {
  if (!pole) return;
  const cube = dataset.cubes.find((each) => each.name === name)!;
  cube.gridMapping = `pole_of_${name}`;
  const text = { dtype: 'char', numbers: [], integers: [] };
  const number = { dtype: 'float64', strings: [], integers: [] };
  dataset.variables.push({
    ...dataset.variables[0],
    name: cube.gridMapping,
    dimensions: [],
    shape: [],
    attributes: [
      { ...text, name: 'grid_mapping_name', strings: ['rotated_latitude_longitude'] },
      { ...number, name: 'grid_north_pole_latitude', numbers: [pole[0]] },
      { ...number, name: 'grid_north_pole_longitude', numbers: [pole[1]] },
    ],
  });
}

/**
 * The same grid as fields: `t` over time, rows and columns, whose latitudes and longitudes are variables in chunks, with corners
 * of cells; and `like` on another such grid.
 */
export function fieldsDataset(
  data: MaskedArray,
  source: SampleGrid,
  target: SampleGrid,
): { dataset: Dataset; variables: SampleVariable[] } {
  const variables: SampleVariable[] = [
    ...arrays(data, ['j', 'i'], target),
    ...fieldsOf(source, ['j', 'i'], ''),
    ...fieldsOf(target, ['row', 'column'], 'like_'),
  ];
  const coordinate = (name: string, dimensions: string[]) => {
    return { variable: name, dimensions, auxiliary: true, bounds: `${name}_corners` };
  };
  const dataset = sampleDataset(variables, {
    t: [coordinate('lat', ['j', 'i']), coordinate('lon', ['j', 'i'])],
    like: [coordinate('like_lat', ['row', 'column']), coordinate('like_lon', ['row', 'column'])],
  });
  return { dataset, variables };
}

function fieldsOf(grid: SampleGrid, dimensions: string[], prefix: string): SampleVariable[] {
  const { latitude, longitude, latitudeBounds = [], longitudeBounds = [] } = grid;
  const shape = [latitude.length, longitude.length];
  const points = latitude.flatMap((north) => longitude.map((east) => onGlobe(grid, north, east)));
  const corners = latitude.flatMap((_, j) =>
    longitude.flatMap((__, i) => {
      const [south, north] = [latitudeBounds[2 * j], latitudeBounds[2 * j + 1]];
      const [west, east] = [longitudeBounds[2 * i], longitudeBounds[2 * i + 1]];
      return [
        onGlobe(grid, south, west),
        onGlobe(grid, south, east),
        onGlobe(grid, north, east),
        onGlobe(grid, north, west),
      ];
    }),
  );
  return (['latitude', 'longitude'] as const).flatMap((which): SampleVariable[] => {
    const name = prefix + which.slice(0, 3);
    const chunks = shape.map((extent) => regularRuns(extent, 3));
    const attributes = { standard_name: which, units: 'degree' };
    const array = numbers(
      'float64',
      shape,
      points.map((place) => place[which]),
    );
    const ends = numbers(
      'float64',
      [...shape, 4],
      corners.map((place) => place[which]),
    );
    return [
      { name, dimensions, array, chunks, attributes },
      {
        name: `${name}_corners`,
        dimensions: [...dimensions, 'corner'],
        array: ends,
        chunks: [...chunks, regularRuns(4, 4)],
      },
    ];
  });
}

function onGlobe({ pole }: SampleGrid, latitude: number, longitude: number) {
  if (!pole) return { latitude, longitude };
  const rotated = { latitude: pole[0], longitude: pole[1], northPoleGridLongitude: 0 };
  return placeOnGlobe(rotated, latitude, longitude);
}
