import {
  authalicQ,
  conformalColatitude,
  eccentricity,
  latitudeOfAuthalic,
  latitudeOfConformal,
  longitudeBetween,
  parallelRadius,
  radians,
} from './ellipsoid.ts';
import type { Plane } from './plane.ts';
import type { Earth, Projection } from './projection.ts';

type Conic<T extends Projection['type']> = Extract<Projection, { type: T }>;

/** Lambert conformal conic with one or two standard parallels (Snyder, pages 107 to 109). */
export function lambertPlane(projection: Conic<'lambert_conformal'>, earth: Earth): Plane {
  const e = eccentricity(earth);
  const [phi1, phi2] = projection.parallels.map((degrees) => degrees * radians);
  const [t1, t2] = [conformalColatitude(phi1, e), conformalColatitude(phi2, e)];
  const [m1, m2] = [parallelRadius(phi1, e), parallelRadius(phi2, e)];
  const n =
    Math.abs(phi1 - phi2) < 1e-10
      ? Math.sin(phi1)
      : (Math.log(m1) - Math.log(m2)) / (Math.log(t1) - Math.log(t2));
  const scale = (earth.major * m1) / (n * t1 ** n);
  const rho = (phi: number) => scale * conformalColatitude(phi, e) ** n;
  const rho0 = rho(projection.latitudeOfOrigin * radians);
  return conicPlane(n, rho0, projection.centralLongitude, rho, (distance) =>
    latitudeOfConformal((distance / scale) ** (1 / n), e),
  );
}

/** Albers equal-area conic (Snyder, pages 101 and 102). */
export function albersPlane(projection: Conic<'albers'>, earth: Earth): Plane {
  const e = eccentricity(earth);
  const [phi1, phi2] = projection.parallels.map((degrees) => degrees * radians);
  const [m1, m2] = [parallelRadius(phi1, e), parallelRadius(phi2, e)];
  const [q1, q2] = [authalicQ(phi1, e), authalicQ(phi2, e)];
  const n = Math.abs(phi1 - phi2) < 1e-10 ? Math.sin(phi1) : (m1 ** 2 - m2 ** 2) / (q2 - q1);
  const c = m1 ** 2 + n * q1;
  const rho = (phi: number) => (earth.major * Math.sqrt(c - n * authalicQ(phi, e))) / n;
  const rho0 = rho(projection.latitudeOfOrigin * radians);
  return conicPlane(n, rho0, projection.centralLongitude, rho, (distance) =>
    latitudeOfAuthalic((c - ((distance * n) / earth.major) ** 2) / n, e),
  );
}

/** What conic projections share: n is the cone's constant, rho the distance of a parallel from the apex, negative when n is. */
function conicPlane(
  n: number,
  rho0: number,
  centralLongitude: number,
  rho: (phi: number) => number,
  latitudeAt: (rho: number) => number,
): Plane {
  return {
    forward(latitude, longitude) {
      const distance = rho(latitude * radians);
      const theta = n * longitudeBetween(longitude, centralLongitude) * radians;
      return [distance * Math.sin(theta), rho0 - distance * Math.cos(theta)];
    },
    inverse(x, y) {
      const sign = Math.sign(n);
      const distance = sign * Math.hypot(x, rho0 - y);
      const theta = Math.atan2(sign * x, sign * (rho0 - y));
      return [latitudeAt(distance) / radians, centralLongitude + theta / n / radians];
    },
  };
}
