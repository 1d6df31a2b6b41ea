import type { CurvilinearPoints } from './curvilinear-rows.ts';
import { setVector, squaredChord } from './sphere.ts';

/** For each row of points, whether it and the next go around the globe: 1 or 0. */
export function closingRows({ shape, latitudes, longitudes }: CurvilinearPoints): Uint8Array {
  const [rows, columns] = shape;
  const vectors = new Float64Array(3 * columns);
  const closed = Uint8Array.from({ length: rows }, (_, row) => {
    for (let i = 0; i < columns; i++)
      setVector(vectors, i, latitudes[row * columns + i], longitudes[row * columns + i]);
    return isClosed(vectors, columns) ? 1 : 0;
  });
  return closed.map((own, row) => own & (closed[row + 1] ?? 0));
}

/** Whether a row's last point has the first as a neighbour. With fewer points than four nobody can tell. */
function isClosed(vectors: Float64Array, count: number): boolean {
  if (count < 4) return false;
  let longest = 0;
  for (let i = 0; i + 1 < count; i++) {
    const distance = squaredChord(vectors, i, vectors, i + 1);
    // Not of points that have no place.
    if (distance > longest) longest = distance;
  }
  const gap = squaredChord(vectors, count - 1, vectors, 0);
  return gap > 0 && gap <= 1.5 ** 2 * longest;
}
