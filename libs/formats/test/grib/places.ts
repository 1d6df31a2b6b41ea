import { elementCount } from '@hyperslab/array';
import { type Earth, type Projection, planeOf } from '@hyperslab/codecs';
import type { FileIndex, IndexedVariable } from '@hyperslab/proto/index';
import { createStorage, memorySource } from '@hyperslab/storage';
import { readStored } from '../../src/index.ts';
import { attributeOf, type IndexedField, inlineValues } from './indexed-fields.ts';

const radians = Math.PI / 180;

/** Latitudes and longitudes of the points of a field by its coordinates; undefined when there are none. */
export async function placesOf(
  index: FileIndex,
  field: IndexedField,
): Promise<[latitudes: ArrayLike<number>, longitudes: ArrayLike<number>] | undefined> {
  const { shape } = field.set.variable!;
  const variable = (name: string) => field.grid.variables.find((each) => each.name === name);
  const [latitude, longitude] = [variable('latitude'), variable('longitude')];
  if (latitude === undefined || longitude === undefined) return undefined;
  const [latitudes, longitudes] = [await allValues(index, latitude), await allValues(index, longitude)];
  if (latitude.shape.length === shape.length) return [latitudes, longitudes];
  const points = Array.from({ length: elementCount(shape) }, (_, point) => point);
  return [
    points.map((point) => latitudes[Math.floor(point / shape[1])]),
    points.map((point) => longitudes[point % shape[1]]),
  ];
}

/** Values of a coordinate that lies in its index, as chunks or as they are. */
async function allValues(index: FileIndex, variable: IndexedVariable): Promise<ArrayLike<number>> {
  const nothing = memorySource(index.url, new Uint8Array());
  const other = index.others && { others: index.others, storage: createStorage({ roots: [] }) };
  const { values } = await readStored(variable, nothing, index.version!, undefined, other);
  return values as ArrayLike<number>;
}

/** Latitude and longitude of a point of a field by its grid mapping; undefined when there is none that projects. */
export function mappedPlace(field: IndexedField, point: number): [number, number] | undefined {
  const { shape } = field.set.variable!;
  const variable = (name: string) => field.grid.variables.find((each) => each.name === name);
  const [j, i] = [Math.floor(point / shape[1]), point % shape[1]];
  const [y, x] = ['grid_latitude', 'grid_longitude'].map(variable);
  if (y !== undefined && x !== undefined) {
    const mapping = variable('rotated_latitude_longitude')!;
    const pole = ['grid_north_pole_latitude', 'grid_north_pole_longitude'].map((name) =>
      Number(attributeOf(mapping, name)),
    );
    return unrotated(pole, inlineValues(y)[j], inlineValues(x)[i]);
  }
  const plane = planeOfGrid(field);
  return plane?.inverse(inlineValues(variable('x')!)[i], inlineValues(variable('y')!)[j]);
}

/** By the vector of the point, turned about the axis that is a quarter turn from both poles. */
function unrotated(
  [poleLatitude, poleLongitude]: number[],
  latitude: number,
  longitude: number,
): [number, number] {
  const [phi, lambda, pole] = [latitude * radians, longitude * radians, poleLatitude * radians];
  const [x, y, z] = [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
  const north = x * Math.cos(pole) + z * Math.sin(pole);
  const away = z * Math.cos(pole) - x * Math.sin(pole);
  return [Math.asin(north) / radians, poleLongitude + Math.atan2(-y, away) / radians];
}

function planeOfGrid({ grid }: IndexedField) {
  const mapping = grid.variables.find((each) => attributeOf(each, 'grid_mapping_name') !== undefined);
  if (mapping === undefined) return undefined;
  const number = (name: string) => Number(attributeOf(mapping, name));
  const radius = attributeOf(mapping, 'earth_radius');
  const earth: Earth =
    radius === undefined
      ? { major: number('semi_major_axis'), minor: number('semi_minor_axis') }
      : { major: Number(radius), minor: Number(radius) };
  const parallels = mapping.attributes.find(({ name }) => name === 'standard_parallel')?.numbers ?? [];
  const projections: Record<string, (() => Projection) | undefined> = {
    lambert_conformal_conic: () => ({
      type: 'lambert_conformal',
      parallels: [parallels[0], parallels.at(-1)!],
      centralLongitude: number('longitude_of_central_meridian'),
      latitudeOfOrigin: number('latitude_of_projection_origin'),
    }),
    mercator: () => ({ type: 'mercator', trueLatitude: parallels[0], centralLongitude: 0 }),
    polar_stereographic: () => ({
      type: 'polar_stereographic',
      south: number('latitude_of_projection_origin') < 0,
      trueLatitude: parallels[0],
      centralLongitude: number('straight_vertical_longitude_from_pole'),
    }),
  };
  const projection = projections[String(attributeOf(mapping, 'grid_mapping_name'))];
  return projection && planeOf(projection(), earth);
}
