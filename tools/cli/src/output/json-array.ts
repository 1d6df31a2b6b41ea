import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';
import { isoTimes, plainValues } from '@hyperslab/results';

const valuesPerPart = 65_536;

/** A computed array as `compute --json` prints it. */
export function jsonArray(array: ComputedArray) {
  const { dtype, units, dimensions, shape, missing, nan } = array;
  const values = plainValues(array);
  return {
    dtype,
    units,
    dimensions,
    shape,
    values,
    missing,
    nan,
    coordinates: array.coordinates.map(jsonCoordinate),
  };
}

function jsonCoordinate(coordinate: ComputedCoordinate) {
  const { name, dimensions, units, calendar, bounds } = coordinate;
  const iso = isoTimes(coordinate);
  return {
    name,
    dimensions,
    units,
    calendar,
    values: plainValues(coordinate),
    ...(iso === undefined ? {} : { iso }),
    bounds: bounds === undefined ? null : plainValues(bounds),
  };
}

/** The same as text, in parts, so that the text of a large array need not be one string. */
export function* jsonText(array: ComputedArray): Generator<string> {
  const { values, ...rest } = jsonArray(array);
  const { coordinates, ...described } = rest;
  yield `${JSON.stringify(described).slice(0, -1)},"coordinates":${JSON.stringify(coordinates)},"values":[`;
  for (let at = 0; at < values.length; at += valuesPerPart) {
    const part = JSON.stringify(values.slice(at, at + valuesPerPart)).slice(1, -1);
    yield at === 0 ? part : `,${part}`;
  }
  yield ']}\n';
}
