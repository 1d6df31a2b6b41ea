import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';
import { placeOnGlobe, type RotatedPole } from '@hyperslab/cube';
import type { MapFields } from './map-fields.ts';

/** An array of two dimensions on a rotated grid with the true latitude and longitude of each cell; undefined for others. */
export function unrotate(array: ComputedArray, pole: RotatedPole): MapFields | undefined {
  const latitudes = along(array, 'grid_latitude');
  const longitudes = along(array, 'grid_longitude');
  if (latitudes === undefined || longitudes === undefined || latitudes.axis === longitudes.axis)
    return undefined;
  const { shape } = array;
  const latitude = new Float64Array(shape[0] * shape[1]);
  const longitude = new Float64Array(shape[0] * shape[1]);
  for (let cell = 0; cell < latitude.length; cell++) {
    const index = [Math.floor(cell / shape[1]), cell % shape[1]];
    const place = placeOnGlobe(
      pole,
      Number(latitudes.coordinate.values[index[latitudes.axis]]),
      Number(longitudes.coordinate.values[index[longitudes.axis]]),
    );
    latitude[cell] = place.latitude;
    longitude[cell] = place.longitude;
  }
  return {
    values: array,
    latitude: { dtype: 'float64', shape, values: latitude },
    longitude: { dtype: 'float64', shape, values: longitude },
  };
}

/** The coordinate of a standard name that one dimension has, and which dimension that is. */
function along({ coordinates, dimensions, shape }: ComputedArray, name: string) {
  if (shape.length !== 2) return undefined;
  const coordinate: ComputedCoordinate | undefined = coordinates.find(
    ({ standardName, dimensions }) => standardName === name && dimensions.length === 1,
  );
  return coordinate && { coordinate, axis: dimensions.indexOf(coordinate.dimensions[0]) };
}
