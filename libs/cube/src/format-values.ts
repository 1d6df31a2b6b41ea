import { decodeArray, type MaskedArray } from '@hyperslab/array';
import type { Coordinate, Variable } from '@hyperslab/proto/cube';
import { formatTime, parseTimeUnits } from './cf/time-units.ts';

/** Values of a coordinate for people, "45 … 63": dates for times. Empty where they are not in the dataset. */
export function formatCoordinateValues(variable: Variable, coordinate: Coordinate): string {
  if (variable.data?.$case !== 'inlineValues') return '';
  const array = decodeArray(variable.data.value);
  const time = coordinate.calendar === '' ? undefined : parseTimeUnits(coordinate.units, coordinate.calendar);
  const one = (i: number): string => {
    if (array.mask?.[i] === 1) return '--';
    const value = array.values[i];
    if (time !== undefined && typeof value !== 'string')
      return formatTime(Number(value), time) || String(value);
    return array.dtype === 'float32' ? String(Number(Number(value).toPrecision(7))) : String(value);
  };
  if (array.dtype === 'char') return characters(array);
  const count = array.values.length;
  if (count === 0) return '';
  return count === 1 ? one(0) : `${one(0)} … ${one(count - 1)}`;
}

function characters(array: MaskedArray): string {
  const width = array.shape.at(-1) ?? 1;
  const text = (row: number) =>
    Buffer.from((array.values as Uint8Array).subarray(row * width, (row + 1) * width))
      .toString('utf8')
      .replace(/[\0 ]+$/, '');
  const rows = width === 0 ? 0 : array.values.length / width;
  return rows <= 1 ? text(0) : `${text(0)} … ${text(rows - 1)}`;
}
