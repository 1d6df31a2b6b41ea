import { isBigInt, type MaskedArray } from '@hyperslab/array';
import { formatTime, parseTimeUnits } from '@hyperslab/cube';

/** More digits of a single-precision coordinate are those of its rounding. */
const usualDigits = 7;

/** What reads the values of a coordinate for people: times in ISO 8601, numbers with as many digits as they mean. */
export function coordinateTexts(
  { dtype, values, mask }: MaskedArray,
  { units, calendar }: { units: string; calendar: string },
): (index: number) => string {
  const time = parseTimeUnits(units, calendar);
  return (index) => {
    const value = values[index];
    if (mask?.[index] === 1) return 'missing';
    if (typeof value === 'string') return value;
    if (dtype === 'char') return value === 0 ? '' : String.fromCharCode(Number(value));
    if (time !== undefined) return formatTime(Number(value), time) || String(value);
    return isBigInt(dtype) ? String(value) : String(Number(Number(value).toPrecision(usualDigits)));
  };
}

/** Whether a coordinate is of times. */
export function isTime({ units, calendar }: { units: string; calendar: string }): boolean {
  return parseTimeUnits(units, calendar) !== undefined;
}
