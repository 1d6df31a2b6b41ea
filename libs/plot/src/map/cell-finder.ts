import type { AreaExtent } from './extent.ts';

/** Finds the cell of a grid that holds a place. */
export interface CellFinder {
  /** Row-major number of the cell; -1 outside the grid. Degrees east and north. */
  cellAt(longitude: number, latitude: number): number;
  /** Where the grid lies. */
  extent: AreaExtent;
}
