import type { RotatedPole } from '@hyperslab/cube';
import type { Attribute } from '@hyperslab/proto/array';
import type { GridMapping } from '@hyperslab/proto/expression';
import type { CoordinateData } from './coordinate-data.ts';

/** A node of the resolved graph with what gives it meaning. */
export interface Field {
  node: number;
  /** Name of the variable when it is one or a part of one, else empty. */
  name: string;
  /** Units; empty when unknown. */
  units: string;
  attributes: Attribute[];
  coordinates: FieldCoordinate[];
  /** Values are readings on a scale, not differences: they may be given from another zero. */
  isReading?: boolean;
}

/** A coordinate of a field. */
export interface FieldCoordinate {
  name: string;
  standardName: string;
  units: string;
  calendar: string;
  axis: string;
  /** What people call it. */
  longName?: string;
  /** Of a vertical coordinate: "up" or "down", where its values grow to (CF section 4.3). */
  positive?: string;
  /** Dimensions of the field that it spans; none for a scalar coordinate. */
  dimensions: string[];
  /** It is the one that gives its dimension meaning. */
  isDimension: boolean;
  values: CoordinateData;
  /** Of a horizontal coordinate: the grid that it is of. */
  gridMapping?: GridMapping;
  /** Of a latitude or longitude of a rotated grid: where its north pole lies. */
  pole?: RotatedPole;
  bounds?: CoordinateData;
  /** Bounds are those of a climatology (CF section 7.4): of times that are alike, from the first to the last. */
  climatology?: boolean;
}
