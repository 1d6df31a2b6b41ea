import { isFixedWidth } from '@hyperslab/array';

/** How the bytes of an element are a text. */
type TextKind = 'fixed' | 'utf32' | 'vlen-utf8';

/** What an element of an array is. */
export interface ElementType {
  /** Data type of the index: a numeric one, "char", "string"; "compound", "opaque" and others are only described. */
  dtype: string;
  /** Bytes of an element; 0 for one of no fixed width. */
  width: number;
  bigEndian: boolean;
  /** Only for strings. */
  text?: TextKind;
  /** Integers that count units of time: for moments since 1970, for durations without. */
  time?: { units: string; scale: number };
  /** Booleans, whose fill value is true or false. */
  isBoolean?: boolean;
  /** Half precision, which becomes float32. */
  isHalf?: boolean;
  /** Why it can't be computed; empty when it can. */
  reason: string;
}

const timeUnits: Record<string, [units: string, scale: number]> = {
  W: ['days', 7],
  D: ['days', 1],
  h: ['hours', 1],
  m: ['minutes', 1],
  s: ['seconds', 1],
  ms: ['milliseconds', 1],
  us: ['microseconds', 1],
  μs: ['microseconds', 1],
  ns: ['nanoseconds', 1],
};

/** A number of a type of the index. */
export function numberType(dtype: string, width: number, bigEndian = false): ElementType {
  if (dtype === 'float16') return { dtype: 'float32', width, bigEndian, isHalf: true, reason: '' };
  if (isFixedWidth(dtype)) return { dtype, width, bigEndian, reason: '' };
  return { dtype, width, bigEndian, reason: `an element is a ${dtype}` };
}

/** Something that is only described, and why. */
export function describedType(dtype: string, width: number, reason: string): ElementType {
  return { dtype, width, bigEndian: false, reason };
}

/** numpy's datetime64 or timedelta64: 64-bit integers that count `multiple` units. */
export function timeType(kind: 'M' | 'm', unit: string, multiple: number, bigEndian: boolean): ElementType {
  const known = Object.hasOwn(timeUnits, unit) ? timeUnits[unit] : undefined;
  if (known === undefined) {
    const name = kind === 'M' ? 'a moment' : 'a duration';
    return describedType(
      'int64',
      8,
      `an element is ${name} in units of "${unit}", which has no fixed length or no name in CF`,
    );
  }
  const [units, scale] = known;
  const time = {
    units: kind === 'M' ? `${units} since 1970-01-01T00:00:00` : units,
    scale: scale * multiple,
  };
  return { dtype: 'int64', width: 8, bigEndian, time, reason: '' };
}
