import { azimuthalPlane } from './azimuthal-plane.ts';
import { mercatorPlane, polarPlane } from './conformal-planes.ts';
import { albersPlane, lambertPlane } from './conic-planes.ts';
import type { Earth, Projection, TransverseMercator } from './projection.ts';
import { transverseMercatorPlane } from './transverse-mercator-plane.ts';

/** A map projection: degrees to metres on the plane and back; what has no place is NaN. */
export interface Plane {
  forward(latitude: number, longitude: number): [x: number, y: number];
  inverse(x: number, y: number): [latitude: number, longitude: number];
}

/** The plane of a projection on an ellipsoid (J. P. Snyder, "Map Projections: A Working Manual", USGS 1395, 1987). */
export function planeOf(projection: Projection | TransverseMercator, earth: Earth): Plane {
  switch (projection.type) {
    case 'lambert_conformal':
      return lambertPlane(projection, earth);
    case 'albers':
      return albersPlane(projection, earth);
    case 'polar_stereographic':
      return polarPlane(projection, earth);
    case 'mercator':
      return mercatorPlane(projection, earth);
    case 'lambert_azimuthal':
      return azimuthalPlane(projection, earth);
    case 'transverse_mercator':
      return transverseMercatorPlane(projection, earth);
  }
}
