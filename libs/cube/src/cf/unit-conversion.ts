import { parseUnit } from './parse-unit.ts';
import { sameUnits } from './units.ts';

/** How numbers in one unit become those in another: multiplied, then added to. */
export interface UnitConversion {
  scale: number;
  offset: number;
}

/** The conversion between two units; undefined where one is not known, or they measure different things. */
export function unitConversion(from: string, to: string): UnitConversion | undefined {
  if (sameUnits(from, to)) return { scale: 1, offset: 0 };
  const [a, b] = [parseUnit(from), parseUnit(to)];
  if (a === undefined || b === undefined || a.dimensions.size !== b.dimensions.size) return undefined;
  for (const [name, exponent] of a.dimensions) if (b.dimensions.get(name) !== exponent) return undefined;
  const scale = (a.numerator * b.denominator) / (a.denominator * b.numerator);
  return Number.isFinite(scale) && scale > 0
    ? { scale, offset: rounded(a.zero * scale - b.zero) }
    : undefined;
}

/** Whether a text is a unit that numbers can be converted to. */
export function isUnit(text: string): boolean {
  return parseUnit(text) !== undefined;
}

/** 32 for 32.00000000000006: what is left of decimal places after the zeros of scales cancel is rounding. */
function rounded(offset: number): number {
  const short = Number(offset.toFixed(9));
  return Math.abs(short - offset) < 1e-12 ? short : offset;
}
