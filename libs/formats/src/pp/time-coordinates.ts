import { hasDatedRows, hasTimeAxis } from './axis-codes.ts';
import { calendarOf, datesOf, type PpDate, secondsSinceEpoch } from './calendar.ts';
import { digit, type PpHeader } from './header.ts';
import { countCoordinate, type ScalarCoordinate } from './scalar-coordinate.ts';

const units = 'hours since 1970-01-01 00:00:00';

const secondsPerHour = 3600;

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * When a field is: `time`, `forecast_reference_time` and `forecast_period`, as Iris derives them from the dates of a
 * header by LBTIM's digit IB (UM documentation paper F3, "LBTIM"): 0, valid at the first date; 1, forecast from the second date
 * for the first; 2, a period from the first to the second date, `time` being its middle and LBFT the lead time of its
 * end; 3, a part of each year from the first to the second. Empty where time is an axis (but for the reference time of
 * series), or the dates are none.
 */
export function timeCoordinates(header: PpHeader): ScalarCoordinate[] {
  const calendar = calendarOf(header);
  const isSeries = hasDatedRows(header);
  if (calendar === undefined || (hasTimeAxis(header) && !isSeries)) return [];
  const kind = digit(header.lbtim, 1);
  const { first, second } = datesOf(header);
  if (kind === 2 && first.year === 0 && second.year === 0) return monthOfAnyYear(header, first, second);
  const from = secondsSinceEpoch(first, calendar);
  const to = secondsSinceEpoch(second, calendar);
  if (from === undefined) return [];
  const at = (name: string, seconds: number, bounds?: [number, number]): ScalarCoordinate => ({
    name,
    dtype: 'float64',
    attributes: { standard_name: name, units, calendar },
    value: seconds / secondsPerHour,
    bounds: bounds && [bounds[0] / secondsPerHour, bounds[1] / secondsPerHour],
  });
  if (kind === 0) return [at('time', from)];
  if (to === undefined) return [];
  if (kind === 1) {
    return [leadTime((from - to) / secondsPerHour), at('time', from), at('forecast_reference_time', to)];
  }
  if (kind !== 2 && kind !== 3) return [];
  const { lbft } = header;
  const reference = at('forecast_reference_time', to - lbft * secondsPerHour);
  if (isSeries) return [reference];
  const hours = (to - from) / secondsPerHour;
  return [
    leadTime(kind === 2 ? lbft - 0.5 * hours : lbft, [lbft - hours, lbft]),
    at('time', kind === 2 ? 0.5 * (from + to) : to, [from, to]),
    reference,
    ...(kind === 3 ? seasonOf(first, second) : []),
  ];
}

function leadTime(value: number, bounds?: [number, number]): ScalarCoordinate {
  const attributes = { standard_name: 'forecast_period', units: 'hours' };
  return { name: 'forecast_period', dtype: 'float64', attributes, value, bounds };
}

/** A mean of one month over years that are not told. */
function monthOfAnyYear({ lbft }: PpHeader, first: PpDate, second: PpDate): ScalarCoordinate[] {
  const month = monthNames[first.month - 1];
  if (first.month !== second.month || month === undefined) return [];
  return [
    countCoordinate('month_number', first.month, { long_name: 'month_number', units: '1' }),
    { name: 'month', dtype: 'string', attributes: { long_name: 'month' }, value: month },
    leadTime(lbft),
  ];
}

/** The season, where the part of each year is one. */
function seasonOf(first: PpDate, second: PpDate): ScalarCoordinate[] {
  const seasons: Record<number, string> = { 12: 'djf', 3: 'mam', 6: 'jja', 9: 'son' };
  const season = seasons[first.month];
  const starts = [first, second].every(({ day, hour, minute }) => day === 1 && hour === 0 && minute === 0);
  if (season === undefined || !starts || second.month !== (first.month % 12) + 3) return [];
  return [{ name: 'season', dtype: 'string', attributes: { long_name: 'season' }, value: season }];
}
