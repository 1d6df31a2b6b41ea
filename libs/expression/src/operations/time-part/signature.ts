import { type TimeComponent, timeComponents } from '@hyperslab/cube';
import type { Signature } from '../signature.ts';

const summaries: Record<TimeComponent, string> = {
  year: 'year of times',
  month: 'month of times, 1 to 12',
  season: 'season of times: 1 to 4 for DJF, MAM, JJA, SON',
  day: 'day of the month of times, from 1',
  dayofyear: 'day of the year of times, from 1',
  weekday: 'day of the week of times, from 0, a Monday',
  hour: 'hour of times, 0 to 23',
  minute: 'minute of times',
  second: 'second of times, without its fraction',
};

/** Parts of times, each a function of its name. */
export const timePartSignatures: readonly Signature[] = timeComponents.map((name) => ({
  name,
  summary: summaries[name],
  parameters: [{ name: 'time', kind: 'array' }],
}));
