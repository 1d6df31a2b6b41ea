import { defaultFill, isFloat, isNumeric, type NumericType } from '@hyperslab/array';
import type { DapAttribute } from '@hyperslab/dap';

/** Some servers (pydap) print attributes with six digits, "%.6g", whatever they are. */
const roundedDigits = 6;

/** A whole number in exponent notation has at most so many digits of any type. */
const mostDigits = 20;

const limits: Readonly<Record<string, readonly [min: bigint, max: bigint]>> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => [
    [`int${bits}`, [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n]],
    [`uint${bits}`, [0n, (1n << BigInt(bits)) - 1n]],
  ]),
);

const largestFloats = [2 ** 127 * (2 - 2 ** -23), Number.MAX_VALUE];

/** A whole number in exponent notation: how many digits of it are told, and where the first stands. */
function parseWhole(text: string): { exact: bigint; precision: number; exponent: number } | undefined {
  const [, sign, first, rest = '', power] =
    /^\s*([+-]?)([1-9])(?:\.(\d*))?[eE]\+?(\d{1,2})\s*$/.exec(text) ?? [];
  const exponent = Number(power);
  if (first === undefined || exponent >= mostDigits || rest.length > exponent) return undefined;
  const exact = BigInt(`${sign === '-' ? '-' : ''}${first}${rest}${'0'.repeat(exponent - rest.length)}`);
  return { exact, precision: Math.max(roundedDigits, 1 + rest.length), exponent };
}

/**
 * Integers of a type that a fill value in exponent notation may stand for, likely ones first: netCDF's default fill value, the ends of
 * the type, nines alone, and the digits as they are. Empty for other texts, and where the type has none of them.
 */
export function integersPrintedAs(text: string, dtype: string): bigint[] {
  const whole = parseWhole(text);
  if (whole === undefined || limits[dtype] === undefined) return [];
  const [min, max] = limits[dtype];
  const nines = 10n ** BigInt(whole.exponent) - 1n;
  const likely = [BigInt(defaultFill[dtype as NumericType]), min, min + 1n, max, max - 1n, nines, -nines];
  const printed = (value: bigint) => Number(Number(value).toPrecision(whole.precision));
  const found = [...likely, whole.exact].filter(
    (value) => value >= min && value <= max && printed(value) === Number(text),
  );
  return [...new Set(found)];
}

/** The smallest (`side` -1) or largest (1) integer of a type that a limit in exponent notation may stand for; undefined for other texts. */
export function outermostPrintedAs(text: string, dtype: string, side: -1 | 1): bigint | undefined {
  const whole = parseWhole(text);
  if (whole === undefined || limits[dtype] === undefined) return undefined;
  const untold = whole.exponent + 1 - whole.precision;
  const half = untold > 0 ? 10n ** BigInt(untold) / 2n : 0n;
  const [min, max] = limits[dtype];
  const end = whole.exact + BigInt(side) * half;
  return end < min ? min : end > max ? max : end;
}

/** Floats of a type that six digits of a fill value may stand for: netCDF's default fill value or the largest, and the digits as they are. */
export function floatsPrintedAs(value: number, text: string, dtype: string): number[] {
  if (significantDigits(text) !== roundedDigits) return [value];
  const likely = [
    Number(defaultFill[dtype as NumericType]),
    ...largestFloats.flatMap((each) => [each, -each]),
  ];
  const same = likely.filter((each) => Number(each.toPrecision(roundedDigits)) === Number(text));
  return [...new Set([...same, value])];
}

/** Digits of a number without zeros at its ends; 0 for what is none. */
function significantDigits(text: string): number {
  const digits = /^\s*[+-]?([\d.]+)(?:[eE][+-]?\d+)?\s*$/.exec(text)?.[1].replace('.', '') ?? '';
  return digits.replace(/^0+|0+$/g, '').length;
}

const fillValues = new Set(['_FillValue', 'missing_value']);
const packing = new Set(['scale_factor', 'add_offset']);

/**
 * What of attributes that say which values are missing, and what others are, may be rounded: where a server tells no number of any variable
 * with more than six digits, and some with as many. Empty where there is nothing of the kind.
 */
export function roundingNotes(
  variables: readonly { name: string; dtype: string; attributes: readonly DapAttribute[] }[],
): string[] {
  const found: string[] = [];
  for (const { name, dtype, attributes } of variables) {
    for (const { name: attribute, type, values } of attributes) {
      if (type === 'String' || type === 'Url') continue;
      const most = Math.max(0, ...values.slice(0, 1000).map(significantDigits));
      if (most > roundedDigits) return [];
      const isFill = fillValues.has(attribute) && isNumeric(dtype);
      const isReal = packing.has(attribute) || (isFill && isFloat(dtype));
      const isInteger = isFill && !isFloat(dtype) && values.some((value) => /\de/i.test(value));
      if (isInteger || (isReal && most === roundedDigits)) {
        found.push(`${attribute} ${values[0]} of "${name}"`);
      }
    }
  }
  if (found.length === 0) return [];
  const more = found.length > 10 ? `, and ${found.length - 10} more` : '';
  return [`the server may have rounded numbers to six digits: ${found.slice(0, 10).join(', ')}${more}`];
}
