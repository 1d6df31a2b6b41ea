import { digit, type PpHeader } from './header.ts';

/** LBCODE of maps along latitude and longitude: values at points, or, with a 2, of boxes; from 100 on rotated. */
export const mapCodes = [1, 2, 101, 102];

/** Codes of what lies along the axes of a cross-section: LBCODE 1XXYY, 2XXYY, 3XXYY (UM documentation paper F3). */
export interface SectionAxes {
  /** 1 for fields, 2 for rotated ones, 3 for time series. */
  kind: number;
  x: number;
  y: number;
}

/** Time along an axis: days, months, years, days of 360_day. */
const timeCodes = [20, 21, 22, 23];

/** The axes of a cross-section; undefined for a map. */
export function sectionAxes({ lbcode }: PpHeader): SectionAxes | undefined {
  if (lbcode < 10_000 || lbcode > 99_999) return undefined;
  return { kind: Math.floor(lbcode / 10_000), x: Math.floor(lbcode / 100) % 100, y: lbcode % 100 };
}

/** Whether time lies along an axis, so that a field is of no single time. */
export function hasTimeAxis(header: PpHeader): boolean {
  const axes = sectionAxes(header);
  return axes !== undefined && (timeCodes.includes(axes.x) || timeCodes.includes(axes.y));
}

/**
 * Whether rows are times from the first to the second date of the header, and no extra data say which: time series of LBCODE
 * 3XX23 in the 360-day calendar.
 */
export function hasDatedRows(header: PpHeader): boolean {
  const axes = sectionAxes(header);
  return axes?.kind === 3 && axes.y === 23 && digit(header.lbtim, 0) === 2 && digit(header.lbtim, 1) === 2;
}
