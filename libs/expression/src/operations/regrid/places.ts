import type { MaskedArray } from '@hyperslab/array';
import { placeOnGlobe, type RotatedPole } from '@hyperslab/cube';
import type { Cells, Degrees, Places } from '@hyperslab/kernels';
import { coordinateNumbers, roundingOf } from '../../resolve/coordinate-values.ts';
import type { Box } from '../../task/box.ts';
import { axisOf } from '../interpolate/axis-parameters.ts';
import type { AxesGrid, FieldsGrid, ListGrid } from './parameters.ts';

/** Places of a box of a grid, in row-major order, on the globe. `parts` are the node's inputs, as far as they are needed. */
export function placesIn(
  grid: AxesGrid | FieldsGrid | ListGrid,
  { origin, shape }: Box,
  parts: readonly MaskedArray[],
): Places {
  if (grid.kind === 'fields') return fieldPlaces(grid, parts);
  const cut = (numbers: readonly number[], axis: number) =>
    numbers.slice(origin[axis], origin[axis] + shape[axis]);
  if (grid.kind === 'list')
    return {
      latitudes: Float64Array.from(cut(grid.latitudes, 0)),
      longitudes: Float64Array.from(cut(grid.longitudes, 0)),
    };
  const [rows, columns] = [cut(grid.latitude.points, 0), cut(grid.longitude.points, 1)];
  const places = emptyPlaces(rows.length * columns.length);
  rows.forEach((latitude, row) => {
    columns.forEach((longitude, column) => {
      setPlace(places, row * columns.length + column, latitude, longitude, grid.pole);
    });
  });
  return places;
}

/** How far, relatively, latitudes or longitudes of a grid may be from where they were meant to be, as of an axis. */
export function placeRounding(
  grid: AxesGrid | FieldsGrid | ListGrid,
  which: 'latitude' | 'longitude',
  parts: readonly MaskedArray[],
): number | undefined {
  if (grid.kind === 'axes') return grid[which].rounding;
  return grid.kind === 'fields' ? 2 * roundingOf(parts[grid[which]].dtype) || undefined : undefined;
}

/** Latitudes and longitudes that are read, in degrees; NaN where they are missing. */
function fieldPlaces({ latitude, longitude, scale }: FieldsGrid, parts: readonly MaskedArray[]): Places {
  return { latitudes: scaled(parts[latitude], scale[0]), longitudes: scaled(parts[longitude], scale[1]) };
}

/** The same of a source, for long: float32 stays what it is where it is in degrees. */
export function fieldDegrees(
  { latitude, longitude, scale }: FieldsGrid,
  parts: readonly MaskedArray[],
): { latitudes: Degrees; longitudes: Degrees } {
  return {
    latitudes: degreesOf(parts[latitude], scale[0]),
    longitudes: degreesOf(parts[longitude], scale[1]),
  };
}

function degreesOf(part: MaskedArray, scale: number): Degrees {
  if (part.dtype !== 'float32' || scale !== 1) return scaled(part, scale);
  const degrees = (part.values as Float32Array).slice();
  if (part.mask !== undefined) {
    for (let i = 0; i < degrees.length; i++) if (part.mask[i] !== 0) degrees[i] = Number.NaN;
  }
  return degrees;
}

function scaled(part: MaskedArray, scale: number): Float64Array {
  const numbers = coordinateNumbers(part);
  for (let i = 0; i < numbers.length; i++) numbers[i] *= scale;
  return numbers;
}

/** Cells of a box of a grid, in row-major order. */
export function cellsIn(
  grid: AxesGrid | FieldsGrid,
  { origin, shape }: Box,
  parts: readonly MaskedArray[],
): Cells {
  if (grid.kind === 'fields') {
    const { latitude, longitude, corners } = grid.bounds!;
    return { corners, ...fieldDegrees({ ...grid, latitude, longitude }, parts) };
  }
  const [latitude, longitude] = [axisOf(grid.latitude).bounds, axisOf(grid.longitude).bounds];
  const places = emptyPlaces(4 * shape[0] * shape[1]);
  let at = 0;
  const add = (north: number, east: number) => setPlace(places, at++, north, east, grid.pole);
  for (let row = origin[0]; row < origin[0] + shape[0]; row++) {
    const [south, north] = [latitude[2 * row], latitude[2 * row + 1]];
    for (let column = origin[1]; column < origin[1] + shape[1]; column++) {
      const [west, east] = [longitude[2 * column], longitude[2 * column + 1]];
      add(south, west);
      add(south, east);
      add(north, east);
      add(north, west);
    }
  }
  return { corners: 4, ...places };
}

function emptyPlaces(count: number): Places {
  return { latitudes: new Float64Array(count), longitudes: new Float64Array(count) };
}

function setPlace(
  { latitudes, longitudes }: Places,
  at: number,
  latitude: number,
  longitude: number,
  pole: RotatedPole | undefined,
): void {
  const place = pole === undefined ? { latitude, longitude } : placeOnGlobe(pole, latitude, longitude);
  latitudes[at] = place.latitude;
  longitudes[at] = place.longitude;
}
