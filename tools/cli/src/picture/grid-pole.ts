import type { ComputedArray } from '@hyperslab/client';
import { type RotatedPole, rotatedPole } from '@hyperslab/cube';
import type { Dataset } from '@hyperslab/proto/cube';

/**
 * The rotated pole of the grid that an array lies on, as the cubes of the datasets it was computed from tell that have the
 * same coordinates. Undefined where none does, or they do not agree.
 */
export function gridPole(
  { coordinates }: ComputedArray,
  datasets: readonly Dataset[],
): RotatedPole | undefined {
  const own = coordinates
    .filter(({ standardName }) => standardName === 'grid_latitude' || standardName === 'grid_longitude')
    .map(({ name }) => name);
  if (own.length !== 2) return undefined;
  const poles = datasets.flatMap(({ cubes, variables }) =>
    cubes
      .filter((cube) => own.every((name) => cube.coordinates.some(({ variable }) => variable === name)))
      .map(({ gridMapping }) => variables.find(({ name }) => name === gridMapping))
      .flatMap((mapping) => rotatedPole(mapping?.attributes ?? []) ?? []),
  );
  const agree = poles.every((pole) => JSON.stringify(pole) === JSON.stringify(poles[0]));
  return agree ? poles[0] : undefined;
}
