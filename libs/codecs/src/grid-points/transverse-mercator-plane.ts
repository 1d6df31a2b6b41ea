import {
  conformalColatitude,
  eccentricity,
  latitudeOfConformal,
  longitudeBetween,
  radians,
} from './ellipsoid.ts';
import type { Plane } from './plane.ts';
import type { Earth, TransverseMercator } from './projection.ts';

/**
 * Transverse Mercator by Krüger's series to the fourth power of the third flattening, whose error is below a micrometre in reach
 * of a zone (C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers", J. Geodesy 85, 2011, equations 7 to 12, 35, 36).
 */
export function transverseMercatorPlane(projection: TransverseMercator, earth: Earth): Plane {
  const { centralLongitude, falseEasting, falseNorthing, latitudeOfOrigin, scale } = projection;
  const { major, minor } = earth;
  const e = eccentricity(earth);
  const n = (major - minor) / (major + minor);
  const size = (scale * major * (1 + n ** 2 / 4 + n ** 4 / 64)) / (1 + n);
  const [toPlane, toSphere] = [seriesToPlane(n), seriesToSphere(n)];
  const onPlane = (latitude: number, lambda: number) => {
    const chi = Math.PI / 2 - 2 * Math.atan(conformalColatitude(latitude * radians, e));
    const xi = Math.atan2(Math.sin(chi), Math.cos(chi) * Math.cos(lambda));
    return shifted(xi, Math.atanh(Math.cos(chi) * Math.sin(lambda)), toPlane, 1);
  };
  const [origin] = onPlane(latitudeOfOrigin, 0);
  return {
    forward(latitude, longitude) {
      const [xi, eta] = onPlane(latitude, longitudeBetween(longitude, centralLongitude) * radians);
      return [falseEasting + size * eta, falseNorthing + size * (xi - origin)];
    },
    inverse(x, y) {
      const [xi, eta] = shifted((y - falseNorthing) / size + origin, (x - falseEasting) / size, toSphere, -1);
      const chi = Math.asin(Math.sin(xi) / Math.cosh(eta));
      const lambda = Math.atan2(Math.sinh(eta), Math.cos(xi));
      const phi = latitudeOfConformal(Math.tan(Math.PI / 4 - chi / 2), e);
      return [phi / radians, centralLongitude + lambda / radians];
    },
  };
}

/** Karney, equation 35. */
function seriesToPlane(n: number): number[] {
  return [
    n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
    (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
    (61 / 240) * n ** 3 - (103 / 140) * n ** 4,
    (49561 / 161280) * n ** 4,
  ];
}

/** Karney, equation 36. */
function seriesToSphere(n: number): number[] {
  return [
    n / 2 - (2 / 3) * n ** 2 + (37 / 96) * n ** 3 - (1 / 360) * n ** 4,
    (1 / 48) * n ** 2 + (1 / 15) * n ** 3 - (437 / 1440) * n ** 4,
    (17 / 480) * n ** 3 - (37 / 840) * n ** 4,
    (4397 / 161280) * n ** 4,
  ];
}

/** Karney, equations 11 and 12. */
function shifted(
  xi: number,
  eta: number,
  series: readonly number[],
  sign: number,
): [xi: number, eta: number] {
  let [north, east] = [xi, eta];
  for (const [i, coefficient] of series.entries()) {
    const j = 2 * (i + 1);
    north += sign * coefficient * Math.sin(j * xi) * Math.cosh(j * eta);
    east += sign * coefficient * Math.cos(j * xi) * Math.sinh(j * eta);
  }
  return [north, east];
}
