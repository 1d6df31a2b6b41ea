import type { Column } from './column.ts';

/** A dimension of the whole along which pieces lie. */
export interface GridAxis {
  /** Path of the dimension; of the scalar coordinate for a new one. */
  path: string;
  /** Number of the dimension in the pieces; -1 for a new one. */
  dimension: number;
  /** Extents of the pieces along it. */
  extents: number[];
}

/** Where the pieces lie in the whole. New dimensions come first, then all those of the pieces. */
export interface Arrangement {
  axes: GridAxis[];
  /** Number of the piece in each cell, row-major over the axes. */
  cells: Int32Array;
}

/** How an axis may come about: what tells pieces along it apart. */
export interface AxisCandidate {
  /** Number of the dimension in the pieces, -1 for a scalar coordinate that becomes a dimension. */
  dimension: number;
  /** Number of the link whose values tell; -1 for the order of the arguments. */
  link: number;
  column: Column;
}
