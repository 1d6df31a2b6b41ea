import type { Attribute } from '@hyperslab/proto/array';
import { textAttributes } from './attributes.ts';

/** A scalar coordinate of one field. */
export interface ScalarCoordinate {
  name: string;
  dtype: 'int32' | 'float32' | 'float64' | 'string';
  attributes: Attribute[];
  /** A text where the type is string. */
  value: number | string;
  /** Lower and upper bound. */
  bounds?: [number, number];
}

/** A coordinate that counts. Words of 64 bits may hold what 32 bits don't. */
export function countCoordinate(
  name: string,
  value: number,
  attributes: Readonly<Record<string, string | undefined>>,
): ScalarCoordinate {
  const dtype = value === (value | 0) ? 'int32' : 'float64';
  return { name, dtype, attributes: textAttributes(attributes), value };
}
