import { hearCancel } from '../hear-cancel.ts';
import { type CellPolygons, type Cells, polygonBytes, polygonsOf } from './cell-polygons.ts';
import { PointIndex } from './point-index.ts';
import { clipPolygon, polygonArea } from './polygon.ts';

/** What a target cell has of a source cell. */
interface Overlap {
  cell: number;
  polygon: readonly number[];
  /** Part of the target's area; parts of one target add up to 1 at most. */
  part: number;
  /** What it is a part of, in steradians. */
  area: number;
}

/** Bytes that overlaps with so many source cells of so many corners are found with. */
export function overlapBytes(cells: number, corners: number): number {
  return polygonBytes(cells, corners) + PointIndex.bytes(cells, true);
}

/** Parts of a cell that are but rounding where two cells touch. */
const negligible = 1e-14;

/** Answers, for each target cell in turn, its overlaps in the order of source cells. Target cells are convex. */
export function cellOverlaps(source: CellPolygons): (targets: Cells) => Iterable<Overlap[]> {
  const index = new PointIndex(source.centres, source.radii);
  return function* (targets) {
    const wanted = polygonsOf(targets);
    for (let row = 0; row < wanted.count; row++) {
      hearCancel();
      const target = wanted.polygon(row);
      const area = polygonArea(target);
      const near = target.length === 0 ? [] : index.within(wanted.centres, row, wanted.radii[row]);
      const overlaps = near
        .map((cell): Overlap => {
          const polygon = clipPolygon(source.polygon(cell), target);
          return { cell, polygon, part: polygonArea(polygon) / area, area };
        })
        .filter(({ part }) => part > negligible);
      // Ocean grids have cells twice, where their ends and their fold meet.
      const covered = Math.max(
        1,
        overlaps.reduce((sum, { part }) => sum + part, 0),
      );
      yield overlaps.map((each) => ({ ...each, part: each.part / covered, area: area * covered }));
    }
  };
}
