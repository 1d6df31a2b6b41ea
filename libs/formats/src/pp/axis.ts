import type { Attribute } from '@hyperslab/proto/array';
import { textAttributes } from './attributes.ts';

/** What lies along a dimension of a field. */
export interface Axis {
  name: string;
  size: number;
  /** Empty for what has no coordinate. */
  attributes: Attribute[];
  /** Undefined where the file does not tell them. */
  values?: number[];
  /** Lower and upper bound of each value in turn. */
  bounds?: number[];
}

/** What a header and extra data say of an axis. */
export interface AxisWords {
  size: number;
  /** BZX or BZY: the value before the first. */
  zeroth: number;
  /** BDX or BDY; 0 or the missing value where values are in `vector`. */
  step: number;
  missing: number;
  vector: number[] | undefined;
  lower: number[] | undefined;
  upper: number[] | undefined;
}

/**
 * Values along an axis, and their bounds where extra data have them or `cells` asks for those half-way between values;
 * undefined where a file does not tell.
 */
export function axisValues(words: AxisWords, cells: boolean): Pick<Axis, 'values' | 'bounds'> {
  const { size, zeroth, step, missing, vector, lower, upper } = words;
  if (step !== 0 && step !== missing && Number.isFinite(step) && Number.isFinite(zeroth)) {
    const values = Array.from({ length: size }, (_, i) => zeroth + step * (i + 1));
    const ends = (value: number) => [value - 0.5 * step, value + 0.5 * step];
    return { values, bounds: cells ? values.flatMap(ends) : undefined };
  }
  if (vector?.length !== size) return {};
  const isBounded = lower?.length === size && upper?.length === size;
  const bounds = isBounded ? vector.flatMap((_, i) => [lower[i], upper[i]]) : undefined;
  return { values: vector, bounds };
}

/** Coordinates of axes by their code in LBCODE (UM documentation paper F3, "LBCODE"). */
const sections: Readonly<Record<number, readonly [name: string, attributes: Attribute[]]>> = {
  1: [
    'pressure',
    textAttributes({ standard_name: 'air_pressure', long_name: 'pressure', units: 'hPa', positive: 'down' }),
  ],
  2: ['height', textAttributes({ standard_name: 'height', units: 'km', positive: 'up' })],
  4: ['depth', textAttributes({ standard_name: 'depth', units: 'm', positive: 'down' })],
  5: ['model_level_number', textAttributes({ standard_name: 'model_level_number', units: '1' })],
  6: ['potential_temperature', textAttributes({ standard_name: 'air_potential_temperature', units: 'K' })],
  13: ['site_number', textAttributes({ long_name: 'site_number', units: '1' })],
  15: ['height', textAttributes({ standard_name: 'height', units: 'm', positive: 'up' })],
  23: [
    'time',
    textAttributes({ standard_name: 'time', units: 'days since 0000-01-01 00:00:00', calendar: '360_day' }),
  ],
  40: ['pseudo_level', textAttributes({ long_name: 'pseudo_level', units: '1' })],
};

/** Name and attributes of an axis of a cross-section; undefined for codes of which no CF coordinate is known. */
export function sectionAxis(code: number): { name: string; attributes: Attribute[] } | undefined {
  const known = sections[code];
  return known && { name: known[0], attributes: known[1] };
}
