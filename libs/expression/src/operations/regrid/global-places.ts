import type { FieldCoordinate } from '../../resolve/field.ts';
import { placesIn } from './places.ts';
import type { TargetGrid } from './target.ts';

/** More places than these a result does not carry: they would be most of it. */
const mostPlaces = 2 ** 17;

/** True latitudes and longitudes of a rotated grid that has none, as fields: a result has no grid mapping to tell them by. */
export function globalPlaces({ axes, extents, dimensions, coordinates }: TargetGrid): FieldCoordinate[] {
  if (axes?.pole === undefined || extents[0] * extents[1] > mostPlaces) return [];
  if (coordinates.some(({ standardName }) => standardName === 'latitude')) return [];
  const { latitudes, longitudes } = placesIn(axes, { origin: [0, 0], shape: extents }, []);
  const field = (standardName: 'latitude' | 'longitude', values: Float64Array): FieldCoordinate => ({
    name: standardName,
    standardName,
    units: standardName === 'latitude' ? 'degrees_north' : 'degrees_east',
    calendar: '',
    axis: '',
    dimensions: [...dimensions],
    isDimension: false,
    values: {
      dimensions: [...dimensions],
      from: { array: { dtype: 'float64', shape: [...extents], values } },
    },
  });
  return [field('latitude', latitudes), field('longitude', longitudes)];
}
