import type { Earth, Projection, TransverseMercator } from './projection.ts';

/** Coordinates along an axis: listed, or `first` + (`from` + i) × `step`, `count` of them. */
export type PartAxis = readonly number[] | { first: number; step: number; from: number; count: number };

/** Points of rows that go round a parallel, or part of it; degrees. */
export interface RowsPart {
  kind: 'rows';
  /** Latitude and number of points of each row that the part has points of. */
  latitudes: readonly number[];
  counts: readonly number[];
  /** Points of the first row that are not of the part. */
  skip: number;
  /** Points of the part, which may end within a row. */
  points: number;
  /** Longitude of the first point of each row. */
  first: number;
  /** Way from the first point of a row to its last, or round to itself; negative to the west. */
  way: number;
  /** Rows come round to their first point, which is not repeated. */
  closed: boolean;
}

/** Points of a plane, rows of y; metres. */
export interface PlanePart {
  kind: 'plane';
  projection: Projection | TransverseMercator;
  earth: Earth;
  y: PartAxis;
  x: PartAxis;
}

/** Points of a sphere turned about, rows of latitudes; degrees. `pole` is where its north pole is. */
export interface RotatedPart {
  kind: 'rotated';
  pole: { latitude: number; longitude: number };
  y: PartAxis;
  x: PartAxis;
}

/** Pixels of HEALPix. */
interface HealpixPart {
  kind: 'healpix';
  side: number;
  nested: boolean;
  first: number;
  points: number;
}

/** Some of the points of a grid, described: what a chunk of the codec "grid_points" holds, as JSON. */
export type GridPart = RowsPart | PlanePart | RotatedPart | HealpixPart;

/** Coordinates along an axis of a part. */
export function axisValues(axis: PartAxis): Float64Array {
  if (!('count' in axis)) return Float64Array.from(axis);
  const { first, step, from, count } = axis;
  return Float64Array.from({ length: count }, (_, i) => first + (from + i) * step);
}

/** How many points a part has. */
export function partPoints(part: GridPart): number {
  if (part.kind === 'rows' || part.kind === 'healpix') return part.points;
  const extent = (axis: PartAxis) => ('count' in axis ? axis.count : axis.length);
  return extent(part.y) * extent(part.x);
}
