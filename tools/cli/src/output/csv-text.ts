import { unravel } from '@hyperslab/array';
import type { ComputedArray, ComputedCoordinate } from '@hyperslab/client';
import { isoTimes } from './iso-times.ts';
import { type JsonValue, valueReader } from './json-values.ts';

/**
 * A computed array as CSV (RFC 4180), in parts: a column for each dimension (its coordinate, or the index where it has
 * none) and one for the values; times in ISO 8601, missing values empty.
 */
export function* csvText(array: ComputedArray): Generator<string> {
  const { name, dimensions, shape, values } = array;
  const columns = dimensions.map((dimension) => columnOf(array.coordinates, dimension));
  const read = valueReader(array);
  yield `${[...dimensions, name].map(field).join(',')}\r\n`;
  for (let i = 0; i < values.length; i++) {
    const index = unravel(i, shape);
    const row = [...columns.map((column, axis) => column(index[axis])), read(i)];
    yield `${row.map(field).join(',')}\r\n`;
  }
}

function columnOf(
  coordinates: readonly ComputedCoordinate[],
  dimension: string,
): (index: number) => JsonValue {
  const own = coordinates.filter(({ dimensions }) => dimensions.length === 1 && dimensions[0] === dimension);
  const coordinate = own.find(({ name }) => name === dimension) ?? own.find(({ axis }) => axis !== '');
  if (coordinate === undefined) return (index) => index;
  const times = isoTimes(coordinate);
  return times === undefined ? valueReader(coordinate) : (index) => times[index];
}

function field(value: JsonValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
