/**
 * Extents of chunks, each of which lies within one of the blocks that an array is stored in, one after the other: whole in the last
 * dimensions. `ends` are where blocks end, in bytes from the first, without the last; `width` is that of an element. Undefined when a
 * block ends within an element.
 */
export function blockChunkShape(
  shape: readonly number[],
  width: number,
  ends: readonly number[],
): number[] | undefined {
  for (let axis = 0; axis <= shape.length; axis++) {
    const row = shape.slice(axis + 1).reduce((product, extent) => product * extent, width);
    if (ends.some((end) => end % row !== 0)) continue;
    if (axis === shape.length) return shape.map(() => 1);
    const common = ends.reduce((divisor, end) => greatestDivisor(divisor, end / row), 0);
    // Within one index of the dimensions before, rows are counted anew.
    const extent = axis === 0 ? common : greatestDivisor(common, shape[axis]);
    return shape.map((each, i) => (i < axis ? 1 : i === axis ? Math.min(extent, each) : each));
  }
  return undefined;
}

function greatestDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
