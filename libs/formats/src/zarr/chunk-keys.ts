import type { ChunkKeys } from './zarr-array.ts';

/** The key of a chunk below its array's folder, by its place in the grid. */
export function chunkKey({ prefix, separator }: ChunkKeys, place: readonly number[]): string {
  if (prefix === 'c') return ['c', ...place].join(separator);
  return place.length === 0 ? '0' : place.join(separator);
}

/** The place in the grid that a key below an array's folder means; undefined when it is no chunk's. */
export function chunkPlace(
  { prefix, separator }: ChunkKeys,
  key: string,
  grid: readonly number[],
): number[] | undefined {
  const parts = key.split(separator);
  if (prefix === 'c' && parts.shift() !== 'c') return undefined;
  if (prefix === '' && grid.length === 0) return key === '0' ? [] : undefined;
  if (parts.length !== grid.length) return undefined;
  const place = parts.map(Number);
  // Written as a writer would: no signs, no zeros in front.
  const isPlace = place.every(
    (index, axis) => index < grid[axis] && String(index) === parts[axis] && index >= 0,
  );
  return isPlace ? place : undefined;
}
