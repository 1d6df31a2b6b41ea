import { cellOverlaps } from './cell-overlaps.ts';
import { type Cells, polygonsOf } from './cell-polygons.ts';
import { RowsBuilder, type SparseRows } from './sparse-rows.ts';

/**
 * Answers the part of each target cell's area that source cells cover (first-order conservative, edges along great circles).
 * Target cells are convex.
 */
export function conservativeRows(source: Cells): (targets: Cells) => SparseRows {
  const overlaps = cellOverlaps(polygonsOf(source));
  return (targets) => {
    const builder = new RowsBuilder();
    for (const parts of overlaps(targets)) {
      for (const { cell, part } of parts) builder.add(cell, part);
      builder.endRow();
    }
    return builder.finish();
  };
}
