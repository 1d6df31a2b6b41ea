import type { CurvilinearPoints, Places } from './curvilinear-rows.ts';
import { polewards, QuadBlocks } from './quad-blocks.ts';
import { gnomonicPlane, mapPlane, placeInQuadrangle } from './quadrangle-planes.ts';
import { RowsBuilder, type SparseRows } from './sparse-rows.ts';
import { vectorsOf } from './sphere.ts';

/**
 * Bilinear between the four points around each place on a grid of two dimensions; none outside of the grid's points. A grid
 * whose rows go around the globe is closed.
 */
export function bilinearOnCurvilinear(source: CurvilinearPoints): (places: Places) => SparseRows {
  const quads = new QuadBlocks(source);
  return (places) => {
    const targets = vectorsOf(places.latitudes, places.longitudes);
    const builder = new RowsBuilder();
    for (let row = 0; row < places.latitudes.length; row++) {
      const near = quads.near(targets, row);
      const onMap = (quad: number) => mapPlane(source, quads.cornersOf(quad), places, row);
      const asSeen = (quad: number) => {
        const { vectors, corners } = quads.vectorsOf(quad);
        return gnomonicPlane(vectors, corners, targets, row);
      };
      const isPolar = (quad: number) => quads.isPolar(quad);
      const isNearPole = Math.abs(places.latitudes[row]) > polewards;
      const found =
        findPlace(near, (quad) => (isNearPole || isPolar(quad) ? asSeen(quad) : onMap(quad))) ??
        // Sides of both kinds do not meet everywhere: between them are places that only one kind for all has.
        (near.some(isPolar) ? findPlace(near, asSeen) : undefined);
      if (found !== undefined) {
        const { quad, s, t } = found;
        const corners = quads.cornersOf(quad);
        builder.add(corners[0], (1 - s) * (1 - t));
        builder.add(corners[1], s * (1 - t));
        builder.add(corners[2], (1 - s) * t);
        builder.add(corners[3], s * t);
      }
      builder.endRow();
    }
    return builder.finish();
  };
}

/** The first quadrangle that has a place, which is the origin of the planes, and where in it; undefined if none has. */
function findPlace(
  quads: readonly number[],
  planeOf: (quad: number) => number[] | undefined,
): { quad: number; s: number; t: number } | undefined {
  for (const quad of quads) {
    const plane = planeOf(quad);
    const place = plane && placeInQuadrangle(plane);
    if (place !== undefined) return { quad, s: place[0], t: place[1] };
  }
  return undefined;
}
