import type { ScannedGrid } from './scan-order.ts';

/** Values of a field while they are decoded: float32, or float64 where the stored type is. */
export type FieldValues = Float32Array | Float64Array;

/**
 * Where the coded values of a field go. A decoder checks what it can against the bytes that there are, and calls `open`
 * then: a few hostile bytes would otherwise take all the memory that their grid claims.
 */
export interface Destination {
  /** How many values are coded: all points, or those that the bitmap has. */
  readonly coded: number;
  /** Memory for them, of zeros. */
  open(): FieldValues;
}

/** What a field is to become. */
export interface WantedField {
  /** Points of its grid. */
  points: number;
  /** Values as float64 instead of float32. */
  double: boolean;
  /** How its grid is scanned, where it is two-dimensional. */
  scanned?: ScannedGrid;
}

/** Memory for a field whose last `coded` values `unpack` has filled: a bitmap spreads them from there. */
export function fillField(
  wanted: WantedField,
  coded: number,
  unpack: (destination: Destination) => void,
): FieldValues {
  let values: FieldValues | undefined;
  const open = (): FieldValues => {
    values ??= allocate(wanted);
    return values.subarray(wanted.points - coded);
  };
  if (coded > 0) unpack({ coded, open });
  return values ?? allocate(wanted);
}

function allocate({ points, double }: WantedField): FieldValues {
  return double ? new Float64Array(points) : new Float32Array(points);
}
