import type { MaskedArray } from '@hyperslab/array';
import type { Dataset } from '@hyperslab/client';
import { type Coordinate, CoordinateRole, type Cube } from '@hyperslab/proto/cube';

/** A coordinate that labels the indices of one dimension. */
export interface DimensionLabels {
  coordinate: Coordinate;
  values: MaskedArray;
}

/** A coordinate of more values is not read to label a slider. */
const longestCoordinate = 1_000_000;

/**
 * The coordinate that tells best where an index of a dimension is: the dimension's own, else the one with an axis, else
 * any other along it alone. Undefined where there is none.
 */
export async function dimensionLabels(
  dataset: Dataset,
  cube: Cube,
  axis: number,
  signal: AbortSignal,
): Promise<DimensionLabels | undefined> {
  const name = cube.dimensions[axis];
  if (cube.shape[axis] > longestCoordinate) return undefined;
  const along = cube.coordinates.filter(
    ({ dimensions, variable }) =>
      dimensions.length === 1 && dimensions[0] === name && isReadable(dataset, variable),
  );
  const coordinate =
    along.find(({ role }) => role === CoordinateRole.COORDINATE_ROLE_DIMENSION) ??
    along.find(({ axis }) => axis !== '') ??
    along[0];
  return coordinate && { coordinate, values: await dataset.read(coordinate.variable, [], { signal }) };
}

/** Names of characters have two dimensions, and some types are only described. */
function isReadable(dataset: Dataset, name: string): boolean {
  const variable = dataset.metadata.variables.find((each) => each.name === name);
  return variable !== undefined && variable.shape.length === 1 && variable.notComputable === '';
}
