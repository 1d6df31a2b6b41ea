/** An area in degrees; `east` is greater than `west` and may be past 180. */
export interface AreaExtent {
  west: number;
  east: number;
  south: number;
  north: number;
}

/** Whether an area goes round the globe, give or take a cell. */
export function isAround({ west, east }: AreaExtent): boolean {
  return east - west >= 350;
}
