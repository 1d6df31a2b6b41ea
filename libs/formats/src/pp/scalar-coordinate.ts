/** A scalar coordinate of one field. */
export interface ScalarCoordinate {
  name: string;
  dtype: 'int32' | 'float32' | 'float64' | 'string';
  /** Its attributes, all of which are texts. */
  attributes: CoordinateTexts;
  /** A text where the type is string. */
  value: number | string;
  /** Lower and upper bound. */
  bounds?: [number, number];
}

export type CoordinateTexts = Readonly<Record<string, string | undefined>>;

/** A coordinate that counts. Words of 64 bits may hold what 32 bits don't. */
export function countCoordinate(name: string, value: number, attributes: CoordinateTexts): ScalarCoordinate {
  return { name, dtype: value === (value | 0) ? 'int32' : 'float64', attributes, value };
}
