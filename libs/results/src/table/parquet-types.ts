import type { DataType, MaskedArray } from '@hyperslab/array';
import { calendarNamed, dayNumber, decodeMoment, parseTimeUnits } from '@hyperslab/cube';
import type { SchemaElement } from 'hyparquet';
import type { ResultCoordinate } from '../result.ts';
import { isoTimes } from './iso-times.ts';

/** How a column is stored: its type, and a value of it from an element, null where there is none. */
export interface ParquetColumn {
  schema: SchemaElement;
  read(element: number): unknown;
}

type Types = Pick<SchemaElement, 'type' | 'converted_type'>;

/** Types of Parquet (LogicalTypes.md, in the old names that all readers know). */
const types: Readonly<Record<DataType, Types>> = {
  int8: { type: 'INT32', converted_type: 'INT_8' },
  uint8: { type: 'INT32', converted_type: 'UINT_8' },
  int16: { type: 'INT32', converted_type: 'INT_16' },
  uint16: { type: 'INT32', converted_type: 'UINT_16' },
  int32: { type: 'INT32' },
  uint32: { type: 'INT32', converted_type: 'UINT_32' },
  int64: { type: 'INT64' },
  uint64: { type: 'INT64', converted_type: 'UINT_64' },
  float32: { type: 'FLOAT' },
  float64: { type: 'DOUBLE' },
  char: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

/** A column of values. */
export function valueColumn(name: string, { dtype }: { dtype: DataType }): SchemaElement {
  return { name, ...types[dtype], repetition_type: 'OPTIONAL' };
}

/** Reads a value of an array: NaN is one, what is missing is null. */
export function elementReader({ dtype, values, mask }: MaskedArray): (element: number) => unknown {
  if (dtype !== 'char') return (i) => (mask?.[i] === 1 ? null : values[i]);
  return (i) => (mask?.[i] === 1 ? null : String.fromCharCode(values[i] as number).replace('\0', ''));
}

/** The index along a dimension. */
export function indexColumn(name: string): ParquetColumn {
  return { schema: { name, type: 'INT64', repetition_type: 'OPTIONAL' }, read: (element) => BigInt(element) };
}

/** A coordinate: times as UTC in microseconds, or as text where their calendar is another than that of timestamps. */
export function coordinateColumn(coordinate: ResultCoordinate): ParquetColumn {
  const { name } = coordinate;
  const texts = isoTimes(coordinate);
  if (texts === undefined) return { schema: valueColumn(name, coordinate), read: elementReader(coordinate) };
  const calendar = calendarNamed(coordinate.calendar);
  if (calendar !== 'standard' && calendar !== 'proleptic_gregorian')
    return { schema: valueColumn(name, { dtype: 'string' }), read: (element) => texts[element] };
  const stamps = timestamps(coordinate);
  return {
    schema: { name, type: 'INT64', converted_type: 'TIMESTAMP_MICROS', repetition_type: 'OPTIONAL' },
    read: (element) => stamps[element],
  };
}

const microsecondsPerDay = 86_400_000_000n;

function timestamps(coordinate: ResultCoordinate): (bigint | null)[] {
  const units = parseTimeUnits(coordinate.units, coordinate.calendar)!;
  const epoch = dayNumber(units.calendar, { year: 1970, month: 1, day: 1 });
  const read = elementReader(coordinate);
  return Array.from({ length: coordinate.values.length }, (_, i) => {
    const value = read(i);
    const moment = value === null ? undefined : decodeMoment(Number(value), units);
    if (moment === undefined) return null;
    return BigInt(moment.day - epoch) * microsecondsPerDay + BigInt(moment.microsecond);
  });
}
