import type { Earth, Projection } from '../../src/grib/grid/grid.ts';
import { planeOf } from '../../src/grib/grid/plane.ts';
import { attributeOf, type IndexedField, inlineValues } from './indexed-fields.ts';

const radians = Math.PI / 180;

/** Latitude and longitude of a point of a field by the coordinates of its grid; undefined when there are none. */
export function placeOf(field: IndexedField, point: number): [number, number] | undefined {
  const shape = field.set.variable!.shape;
  const variable = (name: string) => field.grid.variables.find((each) => each.name === name);
  const latitude = variable('latitude');
  const longitude = variable('longitude');
  if (latitude !== undefined && longitude !== undefined) {
    const [lat, lon] = [inlineValues(latitude), inlineValues(longitude)];
    if (
      latitude.shape.length === shape.length &&
      latitude.shape[0] === shape[0] &&
      shape.length === longitude.shape.length
    ) {
      return [lat[point], lon[point]];
    }
    return [lat[Math.floor(point / shape[1])], lon[point % shape[1]]];
  }
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
  const parallels = mapping.attributes.find(({ name }) => name === 'standard_parallel')!.numbers;
  const projections: Record<string, () => Projection> = {
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
  return planeOf(projections[String(attributeOf(mapping, 'grid_mapping_name'))](), earth);
}
