import type { Attribute } from '@hyperslab/proto/array';
import { numbersAttribute, textAttribute } from './attributes.ts';

/** Where the north pole of a rotated grid lies. All in degrees. */
export interface RotatedPole {
  latitude: number;
  longitude: number;
  /** Longitude of the true north pole in the rotated grid. */
  northPoleGridLongitude: number;
}

/** The rotated pole that a grid mapping variable tells of; undefined for other mappings, and for one that tells too little. */
export function rotatedPole(attributes: readonly Attribute[]): RotatedPole | undefined {
  if (textAttribute(attributes, 'grid_mapping_name') !== 'rotated_latitude_longitude') return undefined;
  const number = (name: string) => numbersAttribute(attributes, name)?.[0];
  const latitude = number('grid_north_pole_latitude');
  const longitude = number('grid_north_pole_longitude');
  if (latitude === undefined || longitude === undefined) return undefined;
  return { latitude, longitude, northPoleGridLongitude: number('north_pole_grid_longitude') ?? 0 };
}

const radians = Math.PI / 180;

/**
 * The true place of a point of a rotated grid (CF conventions, appendix F, rotated pole), by the spherical triangle of the
 * point and both poles. Degrees; the longitude is from -180 to 180.
 */
export function placeOnGlobe(
  pole: RotatedPole,
  gridLatitude: number,
  gridLongitude: number,
): { latitude: number; longitude: number } {
  const phi = gridLatitude * radians;
  const lambda = (gridLongitude - pole.northPoleGridLongitude) * radians;
  const polePhi = pole.latitude * radians;
  const x = Math.cos(polePhi) * Math.sin(phi) - Math.sin(polePhi) * Math.cos(phi) * Math.cos(lambda);
  const y = -Math.cos(phi) * Math.sin(lambda);
  const z = Math.sin(polePhi) * Math.sin(phi) + Math.cos(polePhi) * Math.cos(phi) * Math.cos(lambda);
  const longitude = pole.longitude + Math.atan2(y, x) / radians;
  return {
    // Unlike the sine alone, exact near the poles too.
    latitude: Math.atan2(z, Math.hypot(x, y)) / radians,
    longitude: longitude - 360 * Math.round(longitude / 360),
  };
}

/** The place of a true place in a rotated grid: seen from there, the two poles change parts. Degrees, each within 180 of 0. */
export function placeOnGrid(
  pole: RotatedPole,
  latitude: number,
  longitude: number,
): { latitude: number; longitude: number } {
  const back = {
    latitude: pole.latitude,
    longitude: pole.northPoleGridLongitude,
    northPoleGridLongitude: pole.longitude,
  };
  return placeOnGlobe(back, latitude, longitude);
}
