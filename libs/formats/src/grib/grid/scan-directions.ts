import type { Grid } from './grid.ts';

/** Flags of the scanning mode (flag table 3.4 of edition 2, code table 8 of edition 1). */
const iNegative = 0x80;
const jPositive = 0x40;
const alternating = 0x10;
const offsetPoints = 0x0f;

/** Whether x grows, and y, from point to point in a scanning mode. */
export function directions(scan: number): { east: boolean; north: boolean } {
  return { east: (scan & iNegative) === 0, north: (scan & jPositive) !== 0 };
}

/**
 * The grid of a scanning mode, which says so where its points are not where rows and columns have them: rows or columns that
 * are offset by half a distance (the last four flags, edition 2 only), or that run back every second time in a reduced grid,
 * whose points are kept in the order of the file.
 */
export function displacedBy(scan: number, grid: Grid): Grid {
  if (!('latitude' in grid || grid.kind === 'transverse_mercator')) return grid;
  if ((scan & offsetPoints) !== 0) {
    return { ...grid, displaced: `its points are offset, as scanning mode ${scan} says` };
  }
  if (grid.kind !== 'reduced' || (scan & alternating) === 0) return grid;
  return { ...grid, displaced: `every second row of its points runs back, as scanning mode ${scan} says` };
}
