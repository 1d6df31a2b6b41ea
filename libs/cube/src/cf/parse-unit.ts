import { baseUnits, names, prefixNames, prefixSymbols, scales, symbols, words } from './unit-table.ts';
import { longestUnits } from './units.ts';

/** A unit: `numerator / denominator` of a product of base units. A fraction keeps 9/5 exact. */
export interface Unit {
  numerator: number;
  denominator: number;
  /** Exponent of each base unit, none of them 0. */
  dimensions: ReadonlyMap<string, number>;
  /** Of a scale (degC): how many units zero lies above the zero of the base unit. */
  zero: number;
}

const mostExponent = 99;
const one: Unit = { numerator: 1, denominator: 1, dimensions: new Map(), zero: 0 };

/**
 * Reads units as UDUNITS does: products ("kg m-2 s-1", "N.m"), quotients, of which a slash divides by what is next to it,
 * powers ("m2", "m^2", "s**-1"), factors ("0.01 m") and parentheses. Undefined for what it does not know: logarithms,
 * references ("days since …"), names that are in no table.
 */
export function parseUnit(text: string): Unit | undefined {
  if (text.length > longestUnits) return undefined;
  const scanner = { rest: text.trim().replace(/\bper\b/g, '/'), depth: 0 };
  if (scanner.rest === '') return undefined;
  const unit = parseProduct(scanner);
  return unit === undefined || scanner.rest !== '' || !isUsable(unit) ? undefined : unit;
}

interface Scanner {
  rest: string;
  depth: number;
}

function take(scanner: Scanner, pattern: RegExp): RegExpExecArray | undefined {
  const match = pattern.exec(scanner.rest);
  if (match === null) return undefined;
  scanner.rest = scanner.rest.slice(match[0].length);
  return match;
}

function parseProduct(scanner: Scanner): Unit | undefined {
  let product = parsePower(scanner);
  while (product !== undefined && scanner.rest !== '' && !/^\s*\)/.test(scanner.rest)) {
    const divides = take(scanner, /^\s*\/\s*/) !== undefined;
    if (!divides) take(scanner, /^(\s*[*.·]\s*|\s+)/);
    const next = parsePower(scanner);
    if (next === undefined) return undefined;
    product = multiplied(product, next, divides ? -1 : 1);
  }
  return product;
}

function parsePower(scanner: Scanner): Unit | undefined {
  const base = parseBase(scanner);
  if (base === undefined) return undefined;
  const power = take(scanner, /^(?:\s*(?:\^|\*\*)\s*)?([+-]?\d+)(?![\d.]|e\d)/i) ?? take(scanner, /^([²³])/);
  if (power === undefined) return base;
  const exponent = power[1] === '²' ? 2 : power[1] === '³' ? 3 : Number(power[1]);
  return Math.abs(exponent) > mostExponent ? undefined : raised(base, exponent);
}

function parseBase(scanner: Scanner): Unit | undefined {
  if (take(scanner, /^\(\s*/) !== undefined) {
    if (++scanner.depth > 20) return undefined;
    const inner = parseProduct(scanner);
    return take(scanner, /^\s*\)/) === undefined ? undefined : inner;
  }
  const number = take(scanner, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i);
  if (number !== undefined) return factor(number[0]);
  const word = take(scanner, /^(?:%|['"]|[A-Za-z°℃℉µμ][A-Za-z_°]*)/);
  return word === undefined ? undefined : unitNamed(word[0]);
}

/** A decimal number as a fraction. */
function factor(text: string): Unit | undefined {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e');
  const [whole, decimals = ''] = mantissa.split('.');
  const power = Number(exponent) - decimals.length;
  const digits = Number(whole + decimals);
  // Digits beyond those of a double make a fraction of powers of ten that is no longer exact.
  const value = Number.isSafeInteger(digits)
    ? scaled({ ...one, numerator: digits }, power)
    : { ...one, numerator: Number(text) };
  return value.numerator > 0 && isUsable(value) ? value : undefined;
}

function unitNamed(name: string): Unit | undefined {
  const known = found(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const singular = lower.replace(/^degrees/, 'degree').replace(/(?<=[a-z]{3})s$/, '');
  for (const candidate of [name.replace(/^degrees/, 'degree'), lower, singular]) {
    const unit = found(candidate);
    if (unit !== undefined && candidate.length > 2) return unit;
  }
  return undefined;
}

function found(name: string): Unit | undefined {
  const scale = scales.find((each) => each.names.includes(name));
  if (scale !== undefined) return { ...parseUnit(scale.degree)!, zero: scale.zero };
  if (baseUnits.includes(name)) return { ...one, dimensions: new Map([[name, 1]]) };
  const definition = definitionIn(symbols, name) ?? definitionIn(words, name) ?? definitionIn(names, name);
  if (definition !== undefined) return parseUnit(definition);
  return (
    prefixed(name, prefixNames, (rest) => definitionIn(names, rest) !== undefined) ??
    prefixed(
      name,
      prefixSymbols,
      (rest) => baseUnits.includes(rest) || definitionIn(symbols, rest) !== undefined,
    )
  );
}

function prefixed(
  name: string,
  prefixes: Record<string, number>,
  takes: (rest: string) => boolean,
): Unit | undefined {
  for (const [prefix, power] of Object.entries(prefixes)) {
    const rest = name.slice(prefix.length);
    if (name.startsWith(prefix) && takes(rest)) return scaled(found(rest)!, power);
  }
  return undefined;
}

function definitionIn(table: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function scaled(unit: Unit, power: number): Unit {
  if (Math.abs(power) > 300) return { ...unit, numerator: NaN };
  return power >= 0
    ? { ...unit, numerator: unit.numerator * 10 ** power }
    : { ...unit, denominator: unit.denominator * 10 ** -power };
}

/** In a product degrees of a scale are differences, as UDUNITS has it. */
function multiplied(a: Unit, b: Unit, sign: 1 | -1): Unit {
  const isFactor = (unit: Unit) => unit.dimensions.size === 0 && unit.numerator === unit.denominator;
  if (isFactor(b)) return a;
  const dimensions = new Map(a.dimensions);
  for (const [name, exponent] of b.dimensions) {
    const sum = (dimensions.get(name) ?? 0) + sign * exponent;
    if (sum === 0) dimensions.delete(name);
    else dimensions.set(name, sum);
  }
  const [numerator, denominator] = sign === 1 ? [b.numerator, b.denominator] : [b.denominator, b.numerator];
  const zero = isFactor(a) && sign === 1 ? b.zero : 0;
  return { numerator: a.numerator * numerator, denominator: a.denominator * denominator, dimensions, zero };
}

function raised(unit: Unit, exponent: number): Unit {
  if (exponent === 1) return unit;
  const power = Math.abs(exponent);
  const [up, down] = [unit.numerator ** power, unit.denominator ** power];
  const dimensions = new Map(
    exponent === 0 ? [] : [...unit.dimensions].map(([name, own]) => [name, own * exponent]),
  );
  return exponent >= 0
    ? { numerator: up, denominator: down, dimensions, zero: 0 }
    : { numerator: down, denominator: up, dimensions, zero: 0 };
}

function isUsable({ numerator, denominator }: Unit): boolean {
  return [numerator, denominator].every((value) => Number.isFinite(value) && value > 0);
}
