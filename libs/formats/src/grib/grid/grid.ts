import type { Earth, Projection } from '@hyperslab/codecs';

/** Where the grid's own poles are (rotated latitude-longitude): degrees. */
export interface Rotation {
  southPoleLatitude: number;
  southPoleLongitude: number;
  angle: number;
}

/** First and last coordinate of a row or column in the order of the points, degrees, and the distance between two where it is stated. */
export interface Span {
  first: number;
  last: number | undefined;
  step: number | undefined;
  /** Coordinates grow from point to point. */
  ascending: boolean;
}

interface Scanned {
  /** Why points are not where rows and columns have them; undefined where they are. */
  displaced?: string;
}

interface Geographic extends Scanned {
  latitude: Span;
  longitude: Span;
  /** Parallels between a pole and the equator of a Gaussian grid, 0 where that is not told; undefined when parallels are equally spaced. */
  gaussian: number | undefined;
  rotation: Rotation | undefined;
  /** Stretched grids: their coordinates are those before stretching, which nobody wants. */
  stretched: boolean;
}

/** Parallels and meridians. */
export interface RegularGrid extends Geographic {
  kind: 'regular';
  ni: number;
  nj: number;
}

/** Parallels with different numbers of points. */
export interface ReducedGrid extends Geographic {
  kind: 'reduced';
  /** Points of each parallel, in the order of the file. */
  rows: number[];
}

/** A grid that is regular on a plane. */
export interface ProjectedGrid extends Scanned {
  kind: 'projected';
  projection: Projection;
  earth: Earth;
  ni: number;
  nj: number;
  /** First point, degrees. */
  latitude: number;
  longitude: number;
  /** Last point, where it is stated. */
  last: { latitude: number; longitude: number } | undefined;
  /** Distances in metres on the plane, negative when points follow each other against the axis. */
  dx: number;
  dy: number;
}

/** A grid on a transverse Mercator plane, whose coordinates the message states in metres. */
export interface TransverseMercatorGrid extends Scanned {
  kind: 'transverse_mercator';
  earth: Earth;
  ni: number;
  nj: number;
  x: number;
  y: number;
  dx: number;
  dy: number;
  latitudeOfOrigin: number;
  centralLongitude: number;
  falseEasting: number;
  falseNorthing: number;
  scale: number;
}

/** HEALPix: 12 × side² points of equal area. */
interface HealpixGrid {
  kind: 'healpix';
  side: number;
  nested: boolean;
}

/** Coefficients of spherical harmonics: real and imaginary parts in turn. */
interface SpectralGrid {
  kind: 'spectral';
  j: number;
  k: number;
  m: number;
}

/** Points in no order that the message tells: where they are is in another file. */
interface UnstructuredGrid {
  kind: 'unstructured';
  points: number;
  gridNumber: number;
  gridInReference: number;
  uuid: string;
}

/** A grid that is not read: its points, and what is known of it. */
interface OtherGrid {
  kind: 'other';
  points: number;
  /** What it is, for a note: "grid definition template 3.90". */
  what: string;
}

export type Grid =
  | RegularGrid
  | ReducedGrid
  | ProjectedGrid
  | TransverseMercatorGrid
  | HealpixGrid
  | SpectralGrid
  | UnstructuredGrid
  | OtherGrid;

/** A grid as one message has it. */
export interface GridDefinition {
  grid: Grid;
  /** Scanning mode (flag table 3.4; code table 8 of edition 1). */
  scan: number;
  /** Components of vectors are along the grid's axes, not east and north. */
  windsAlongGrid: boolean;
}

/** Whether components of vectors are along axes that are not those to the east and north. */
export function hasTurnedVectors({ grid, windsAlongGrid }: GridDefinition): boolean {
  const isRotated = 'rotation' in grid && grid.rotation !== undefined;
  return windsAlongGrid && (isRotated || grid.kind === 'projected' || grid.kind === 'transverse_mercator');
}

/** Extents of a field: [y, x], or [points]. */
export function shapeOf(grid: Grid): number[] {
  switch (grid.kind) {
    case 'regular':
    case 'projected':
    case 'transverse_mercator':
      return [grid.nj, grid.ni];
    case 'reduced':
      return [grid.rows.reduce((sum, points) => sum + points, 0)];
    case 'healpix':
      return [12 * grid.side ** 2];
    case 'spectral':
      return [spectralValues(grid)];
    case 'unstructured':
    case 'other':
      return [grid.points];
  }
}

/** Numbers of a truncation: for each order m up to M, degrees from m up to J + m, at most K (code table 3.6). */
function spectralValues({ j, k, m }: SpectralGrid): number {
  const whole = Math.max(0, Math.min(m, k - j) + 1);
  const last = Math.min(m, k);
  // Orders past K - J have one degree less each.
  const cut = Math.max(0, last - whole + 1);
  const pairs = whole * (j + 1) + (cut * (k - whole + 1 + (k - last + 1))) / 2;
  return 2 * pairs;
}
