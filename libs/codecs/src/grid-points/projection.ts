/** The figure of the earth: semi-axes in metres; equal for a sphere. */
export interface Earth {
  major: number;
  minor: number;
}

/** How a projected grid's plane is made; degrees and metres. */
export type Projection =
  | {
      type: 'lambert_conformal';
      parallels: [number, number];
      centralLongitude: number;
      latitudeOfOrigin: number;
    }
  | { type: 'albers'; parallels: [number, number]; centralLongitude: number; latitudeOfOrigin: number }
  | { type: 'polar_stereographic'; south: boolean; trueLatitude: number; centralLongitude: number }
  | { type: 'mercator'; trueLatitude: number; centralLongitude: number }
  | { type: 'lambert_azimuthal'; latitudeOfOrigin: number; centralLongitude: number };

/** A transverse Mercator plane, whose coordinates have an origin of their own. */
export interface TransverseMercator {
  type: 'transverse_mercator';
  latitudeOfOrigin: number;
  centralLongitude: number;
  falseEasting: number;
  falseNorthing: number;
  scale: number;
}
