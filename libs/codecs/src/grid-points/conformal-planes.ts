import {
  conformalColatitude,
  eccentricity,
  latitudeOfConformal,
  longitudeBetween,
  parallelRadius,
  radians,
} from './ellipsoid.ts';
import type { Plane } from './plane.ts';
import type { Earth, Projection } from './projection.ts';

/** Mercator, true at a latitude (Snyder, page 44). */
export function mercatorPlane(
  { trueLatitude, centralLongitude }: Extract<Projection, { type: 'mercator' }>,
  earth: Earth,
): Plane {
  const e = eccentricity(earth);
  const scale = earth.major * parallelRadius(trueLatitude * radians, e);
  return {
    forward: (latitude, longitude) => [
      scale * longitudeBetween(longitude, centralLongitude) * radians,
      -scale * Math.log(conformalColatitude(latitude * radians, e)),
    ],
    inverse: (x, y) => [
      latitudeOfConformal(Math.exp(-y / scale), e) / radians,
      centralLongitude + x / scale / radians,
    ],
  };
}

/** Polar stereographic, true at a latitude; the central meridian points down from the north pole, up from the south pole (Snyder, page 161). */
export function polarPlane(
  { south, trueLatitude, centralLongitude }: Extract<Projection, { type: 'polar_stereographic' }>,
  earth: Earth,
): Plane {
  const e = eccentricity(earth);
  const sign = south ? -1 : 1;
  const phi = sign * trueLatitude * radians;
  const atPole = Math.abs(phi - Math.PI / 2) < 1e-10;
  // Distance from the pole of a conformal colatitude of 1.
  const scale = atPole
    ? (2 * earth.major) / Math.sqrt((1 + e) ** (1 + e) * (1 - e) ** (1 - e))
    : (earth.major * parallelRadius(phi, e)) / conformalColatitude(phi, e);
  return {
    forward(latitude, longitude) {
      const distance = scale * conformalColatitude(sign * latitude * radians, e);
      const theta = longitudeBetween(longitude, centralLongitude) * radians;
      return [distance * Math.sin(theta), -sign * distance * Math.cos(theta)];
    },
    inverse(x, y) {
      const distance = Math.hypot(x, y);
      const latitude = (sign * latitudeOfConformal(distance / scale, e)) / radians;
      return [latitude, centralLongitude + Math.atan2(x, -sign * y) / radians];
    },
  };
}
