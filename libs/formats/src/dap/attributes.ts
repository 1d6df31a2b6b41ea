import { isBigInt, isNumeric } from '@hyperslab/array';
import { atomicType, type DapAttribute } from '@hyperslab/dap';
import type { Attribute } from '@hyperslab/proto/array';
import { floatsPrintedAs, integersPrintedAs, outermostPrintedAs } from './rounded-numbers.ts';

/** Names that some servers give types in attributes (pydap, those of numpy and Python). */
const otherNames: Readonly<Record<string, string>> = {
  str: 'String',
  float: 'Float64',
  int: 'Int64',
  Int: 'Int32',
};

/** Attributes that say how a server stores or sends something, and nothing of the data. */
const technical = /^(_ChunkSizes|_edu\.ucar\..*|DODS\..*|DODS_EXTRA\..*)$/;

/**
 * Attributes that speak of stored values: a server may print more or fewer digits of them than the values have, or give them as text
 * (xpublish, of types that it does not know).
 */
const ofStoredValues = new Set(['_FillValue', 'missing_value', 'valid_min', 'valid_max', 'valid_range']);

/**
 * Attributes of a server as those of an index. Text and numbers that can't be read stay text. `dtype` is the variable's, whose type
 * attributes of stored values have; empty for a group.
 */
export function convertAttributes(attributes: readonly DapAttribute[], dtype = ''): Attribute[] {
  const found = new Map<string, Attribute>();
  for (const attribute of attributes) {
    if (technical.test(attribute.name) || found.has(attribute.name)) continue;
    found.set(attribute.name, convertAttribute(attribute, dtype));
  }
  return [...found.values()];
}

/** Attributes without which packed values are other numbers: read as such even where a server gives them as text. */
const ofPacking = new Set(['scale_factor', 'add_offset']);

function convertAttribute({ name, type, values }: DapAttribute, variableType: string): Attribute {
  const told = atomicType(otherNames[type] ?? type)?.dtype ?? 'string';
  const texts: Attribute = {
    name,
    dtype: values.length === 1 ? 'char' : 'string',
    strings: values,
    numbers: [],
    integers: [],
  };
  const stored = ofStoredValues.has(name) && isNumeric(variableType);
  const isPacking = ofPacking.has(name) && isNumeric(variableType);
  const asText = stored ? variableType : isPacking ? 'float64' : told;
  const own = told === 'string' ? asText : told;
  if (values.length === 0) return { ...texts, dtype: 'char', strings: [''] };
  if (!isNumeric(own)) return texts;
  const whole = stored ? integersOf(name, values, variableType) : undefined;
  if (whole !== undefined) {
    const big = isBigInt(variableType);
    const [integers, small] = big ? [whole.map(String), []] : [[], whole.map(Number)];
    return { ...texts, dtype: variableType, strings: [], integers, numbers: small };
  }
  const isInteger = values.every((value) => /^\s*[+-]?\d+\s*$/.test(value));
  // A fill value that a server states in another type is one of the variable's all the same.
  const dtype = stored && (isInteger || variableType.startsWith('float')) ? variableType : own;
  if (isBigInt(dtype) && isInteger) {
    return { ...texts, dtype, strings: [], integers: values.map((value) => String(BigInt(value.trim()))) };
  }
  const numbers = values.map(readNumber);
  if (numbers.includes(undefined)) return texts;
  const exact = (each: number) => asType(each, dtype, type);
  // A fill value may be several, of which some are the same float.
  const meant =
    isFillValue(name) && dtype.startsWith('float')
      ? [...new Set(printedAs(numbers as number[], values, dtype).map(exact))]
      : (numbers as number[]).map(exact);
  return { ...texts, dtype: isBigInt(dtype) ? 'float64' : dtype, strings: [], numbers: meant };
}

function isFillValue(name: string): boolean {
  return name === '_FillValue' || name === 'missing_value';
}

function printedAs(numbers: readonly number[], values: readonly string[], dtype: string): number[] {
  return numbers.flatMap((number, at) => floatsPrintedAs(number, values[at], dtype));
}

/**
 * Integers that an attribute of stored integers has in exponent notation, which is rounded, perhaps: all that a fill value may be, and
 * the outermost that a limit may be. Undefined where none is told so.
 */
function integersOf(name: string, values: readonly string[], dtype: string): bigint[] | undefined {
  if (dtype.startsWith('float') || !values.some((value) => /\de/i.test(value))) return undefined;
  const found = values.map((value, at) => {
    if (/^\s*[+-]?\d+\s*$/.test(value)) return [BigInt(value.trim())];
    if (isFillValue(name)) return integersPrintedAs(value, dtype);
    const isLower = name === 'valid_min' || (name === 'valid_range' && at === 0);
    return outermostPrintedAs(value, dtype, isLower ? -1 : 1) ?? [];
  });
  const integers = found.flat();
  return found.every((each) => typeof each === 'bigint' || each.length > 0) ? integers : undefined;
}

/** A number as C, Java and Python print it, perhaps with a letter of its type behind; undefined for other text. */
function readNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?nan$/i.test(trimmed)) return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(trimmed);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  const [, digits] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdDlLuUsSbB]{0,3}$/.exec(trimmed) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The number that a value of the type is: a byte of the other sign (DAP2 has unsigned ones alone), a float with its own digits. */
function asType(value: number, dtype: string, toldType: string): number {
  if (dtype === 'float32') return Math.fround(value);
  if (dtype === 'int8' && toldType === 'Byte' && value > 127 && value < 256) return value - 256;
  if (dtype === 'uint8' && value < 0 && value >= -128) return value + 256;
  return value;
}
