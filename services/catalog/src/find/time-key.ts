import { HyperslabError } from '@hyperslab/errors';

const pattern =
  /^([+-]?\d{1,6})-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.(\d{1,9}))?)?)?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;

/** Years from -100000 on sort as text when they begin here. */
const yearShift = 100_000;

/**
 * A date and time as text that sorts as time does, in whatever calendar: 30 February is a date like others. Parts that
 * are left out count as their first value, or with `end` as their last, so that a day as the end of a range is in it.
 * @returns undefined for what is no ISO 8601 date
 */
export function timeKey(text: string, end = false): string | undefined {
  const match = pattern.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const local =
    `${year}-${month}-${day ?? (end ? '31' : '01')}T${hour ?? (end ? '23' : '00')}:` +
    `${minute ?? (end ? '59' : '00')}:${second ?? (end ? '59' : '00')}`;
  const digits = fraction ?? (end && second === undefined ? '999999999' : '');
  const utc = zone?.match(/\d/) ? shifted(local, zone) : local;
  const [, wholeYear, rest] = /^([+-]?\d+)(-.*)$/.exec(utc) as RegExpExecArray;
  return `${String(Number(wholeYear) + yearShift).padStart(7, '0')}${rest}.${digits.padEnd(9, '0')}`;
}

/** Times with an offset are those of our calendar, so Date may compute with them. */
function shifted(local: string, zone: string): string {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  const utc = new Date(`${local}Z`).getTime() - (zone[0] === '-' ? -minutes : minutes) * 60_000;
  return Number.isNaN(utc) ? local : new Date(utc).toISOString().slice(0, 19);
}

/**
 * The key of a time that a request names.
 * @throws HyperslabError INVALID_ARGUMENT
 */
export function requestedTimeKey(text: string, field: string, end: boolean): string {
  const key = timeKey(text, end);
  if (key !== undefined) return key;
  throw new HyperslabError(
    'INVALID_ARGUMENT',
    `${field} ${JSON.stringify(text.slice(0, 50))}: expected an ISO 8601 date or time, as in 2026-11-22T06:00`,
    { field },
  );
}
