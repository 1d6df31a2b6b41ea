/**
 * Bounds of cells around points: half-way between neighbours, and as far beyond the first and last as on their other side.
 * Undefined for less than two points.
 */
export function guessBounds(points: ArrayLike<number>): [number, number][] | undefined {
  const last = points.length - 1;
  if (last < 1) return undefined;
  const edge = (i: number) => {
    if (i === 0) return points[0] - (points[1] - points[0]) / 2;
    if (i > last) return points[last] + (points[last] - points[last - 1]) / 2;
    return (points[i - 1] + points[i]) / 2;
  };
  return Array.from(points, (_, i) => [edge(i), edge(i + 1)]);
}
