import type { RotatedPole } from '@hyperslab/cube';
import type { AxisInterpolation, AxisParameters } from '../interpolate/axis-parameters.ts';

/** A grid of one latitude for each row and one longitude for each column, of the globe or of one with another pole. */
export interface AxesGrid {
  kind: 'axes';
  latitude: AxisParameters;
  longitude: AxisParameters;
  pole?: RotatedPole;
}

/** A grid whose every point has a latitude and longitude of its own: inputs of the node. */
export interface FieldsGrid {
  kind: 'fields';
  extents: readonly number[];
  latitude: number;
  longitude: number;
  /** Inputs with the corners of cells, as many for each. */
  bounds?: { latitude: number; longitude: number; corners: number };
  /** What makes degrees of latitudes and longitudes. */
  scale: readonly [number, number];
}

/** Places along one dimension. */
export interface ListGrid {
  kind: 'list';
  latitudes: readonly number[];
  longitudes: readonly number[];
}

export type RegridMethod = 'nearest' | 'bilinear' | AreaMethod;

/** Means over areas, of cells as even, or as planes (second order). */
type AreaMethod = 'conservative' | 'conservative2';

export function weighsAreas(method: RegridMethod): method is AreaMethod {
  return method === 'conservative' || method === 'conservative2';
}

/** A dimension that is interpolated together with the places: the times of a trajectory. */
interface AlongPlaces extends AxisInterpolation {
  dimension: string;
}

export interface RegridParameters {
  /** Dimensions of the first input; selections may have taken some away. */
  order: readonly string[];
  /** Where its values are; absent when only other dimensions are interpolated. */
  source?: { dimensions: readonly string[]; grid: AxesGrid | FieldsGrid };
  /** Where values are wanted, and the dimensions of the node for that. */
  target: { dimensions: readonly string[]; grid?: AxesGrid | FieldsGrid | ListGrid };
  along: readonly AlongPlaces[];
  method: RegridMethod;
  /** Part of a target that may be missing, 0 to 1. */
  tolerated: number;
}

export function extentsOf(grid: AxesGrid | FieldsGrid): readonly number[] {
  return grid.kind === 'fields' ? grid.extents : [grid.latitude.points.length, grid.longitude.points.length];
}

/** Whether both grids are axes of one globe. */
export function isBetweenAxes({ source, target: { grid } }: RegridParameters): boolean {
  return source?.grid.kind === 'axes' && grid?.kind === 'axes' && samePole(source.grid, grid);
}

export function samePole({ pole: a }: AxesGrid, { pole: b }: AxesGrid): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.latitude === b.latitude &&
    a.longitude === b.longitude &&
    a.northPoleGridLongitude === b.northPoleGridLongitude
  );
}
