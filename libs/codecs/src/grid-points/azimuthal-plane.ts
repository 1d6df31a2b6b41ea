import {
  authalicQ,
  eccentricity,
  latitudeOfAuthalic,
  longitudeBetween,
  parallelRadius,
  radians,
} from './ellipsoid.ts';
import type { Plane } from './plane.ts';
import type { Earth, Projection } from './projection.ts';

/** Lambert azimuthal equal-area (Snyder, pages 187 to 190); not for a pole as its centre, whose factor D is 0/0. */
export function azimuthalPlane(
  { latitudeOfOrigin, centralLongitude }: Extract<Projection, { type: 'lambert_azimuthal' }>,
  earth: Earth,
): Plane {
  const e = eccentricity(earth);
  const phi1 = latitudeOfOrigin * radians;
  const pole = authalicQ(Math.PI / 2, e);
  const authalic = (phi: number) => Math.asin(Math.max(-1, Math.min(1, authalicQ(phi, e) / pole)));
  const beta1 = authalic(phi1);
  const radius = earth.major * Math.sqrt(pole / 2);
  const d = (earth.major * parallelRadius(phi1, e)) / (radius * Math.cos(beta1));
  const [sine1, cosine1] = [Math.sin(beta1), Math.cos(beta1)];
  return {
    forward(latitude, longitude) {
      const beta = authalic(latitude * radians);
      const lambda = longitudeBetween(longitude, centralLongitude) * radians;
      const cosine = Math.cos(beta) * Math.cos(lambda);
      const b = radius * Math.sqrt(2 / (1 + sine1 * Math.sin(beta) + cosine1 * cosine));
      return [
        b * d * Math.cos(beta) * Math.sin(lambda),
        (b / d) * (cosine1 * Math.sin(beta) - sine1 * cosine),
      ];
    },
    inverse(x, y) {
      const rho = Math.hypot(x / d, d * y);
      if (rho === 0) return [latitudeOfOrigin, centralLongitude];
      const c = 2 * Math.asin(rho / (2 * radius));
      const sine = Math.cos(c) * sine1 + (d * y * Math.sin(c) * cosine1) / rho;
      const lambda = Math.atan2(
        x * Math.sin(c),
        d * rho * cosine1 * Math.cos(c) - d * d * y * sine1 * Math.sin(c),
      );
      return [latitudeOfAuthalic(pole * sine, e) / radians, centralLongitude + lambda / radians];
    },
  };
}
