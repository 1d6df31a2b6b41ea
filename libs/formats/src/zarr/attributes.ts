import { isBigInt } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { Json, JsonObject } from '../json/parse-json.ts';
import { jsonText } from './metadata-fields.ts';
import type { ZarrArray } from './zarr-array.ts';

/** Attributes that are numbers of the stored type. */
const ofStoredType = new Set(['_FillValue', 'missing_value', 'valid_min', 'valid_max', 'valid_range']);

const smallestInt32 = -(2n ** 31n);

/** Attributes of a group: texts and numbers as such, what else JSON has as its text. */
export function groupAttributes(attributes: JsonObject): Attribute[] {
  return Object.entries(attributes).map(([name, value]) => attributeOf(name, value, undefined));
}

/** Attributes of an array, with those that its type and fill value stand for: units of time, what is missing. */
export function arrayAttributes(array: ZarrArray): Attribute[] {
  const { element, fill } = array;
  const isNumber = element.dtype !== 'string' && element.dtype !== 'char' && element.reason === '';
  const type = isNumber ? element.dtype : undefined;
  const attributes = Object.entries(array.attributes).map(([name, value]) =>
    attributeOf(
      name,
      ofStoredType.has(name) ? decodedFill(value, type) : value,
      ofStoredType.has(name) ? type : undefined,
    ),
  );
  const add = (name: string, value: Json, dtype?: string) => {
    if (!attributes.some((attribute) => attribute.name === name))
      attributes.push(attributeOf(name, value, dtype));
  };
  if (element.time !== undefined) {
    add('units', element.time.units);
    if (element.time.units.includes('since')) add('calendar', 'proleptic_gregorian');
    if (element.time.scale !== 1) add('scale_factor', element.time.scale);
    // numpy's "not a time".
    add('_FillValue', -(2n ** 63n), 'int64');
  } else if (array.fillIsMissing && type !== undefined && element.isBoolean !== true && fill !== undefined) {
    add('_FillValue', fill, type);
  }
  return attributes;
}

/** xarray writes the fill value of floats into v3 attributes as a base64 double, others as words. */
function decodedFill(value: Json, type: string | undefined): Json {
  if (typeof value !== 'string' || type === undefined) return value;
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity' || value === '-Infinity') return Number(value);
  const bytes = Buffer.from(value, 'base64');
  const isDouble = type.startsWith('float') && bytes.length === 8 && bytes.toString('base64') === value;
  return isDouble ? bytes.readDoubleLE() : value;
}

function attributeOf(name: string, value: Json, dtype: string | undefined): Attribute {
  const attribute: Attribute = { name, dtype: 'char', strings: [], numbers: [], integers: [] };
  const values = Array.isArray(value) ? value : [value];
  if (values.length > 0 && values.every((item) => typeof item === 'bigint' || typeof item === 'number')) {
    attribute.dtype = numberDtype(values, dtype);
    if (isBigInt(attribute.dtype)) attribute.integers = values.map(String);
    else attribute.numbers = values.map(Number);
  } else if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')) {
    attribute.dtype = 'string';
    attribute.strings = value;
  } else attribute.strings = [typeof value === 'string' ? value : jsonText(value)];
  return attribute;
}

/** The wanted type where it holds the numbers, else the smallest of int32, int64 and float64 that does. */
function numberDtype(values: readonly (number | bigint)[], wanted: string | undefined): string {
  const whole = values.every((value) => typeof value === 'bigint');
  if (
    wanted !== undefined &&
    (whole || wanted.startsWith('float')) &&
    values.every((value) => fits(value, wanted))
  )
    return wanted;
  if (!whole) return 'float64';
  const isSmall = (value: number | bigint) => value >= smallestInt32 && value < -smallestInt32;
  if (values.every(isSmall)) return 'int32';
  return values.every((value) => fits(value, 'int64')) ? 'int64' : 'float64';
}

function fits(value: number | bigint, dtype: string): boolean {
  const [, unsigned, digits] = /^(u?)int(\d+)$/.exec(dtype) ?? [];
  if (digits === undefined) return true;
  const bits = BigInt(digits);
  if (unsigned === 'u') return value >= 0n && value < 2n ** bits;
  return value >= -(2n ** (bits - 1n)) && value < 2n ** (bits - 1n);
}
