import { calendarNamed } from '@hyperslab/cube';
import { HyperslabError, shortened } from '@hyperslab/errors';

/** Times, as an operand. */
interface Times {
  name: string;
  /** As its attribute names it, empty where that is silent; undefined of what was computed, which has lost it. */
  calendar?: string;
}

/**
 * Throws EXPRESSION_INVALID for times of unlike calendars: their numbers are equal for dates that are not, and some dates of one are none of
 * the other.
 */
export function assertOneCalendar(operation: string, times: readonly Times[]): void {
  const known = times.filter((each): each is Required<Times> => each.calendar !== undefined);
  const [first, ...others] = known;
  const other = others.find(({ calendar }) => plainName(calendar) !== plainName(first.calendar));
  if (other === undefined) return;
  const [own, unlike] = [first, other].map(({ calendar }) => shortened(plainName(calendar)));
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `operands of "${operation}" are times of the calendars ${own} (${first.name}) and ${unlike} (${other.name}), between which nothing is converted; ` +
      `expected times of one calendar: compare parts of them, as year(${first.name}), or multiply both by 1 to have plain numbers`,
    { calendar: own, other_calendar: unlike },
  );
}

function plainName(calendar: string): string {
  return calendarNamed(calendar || undefined) ?? calendar;
}
