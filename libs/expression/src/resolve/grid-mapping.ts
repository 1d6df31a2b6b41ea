import { rotatedPole } from '@hyperslab/cube';
import type { Dataset } from '@hyperslab/proto/cube';
import type { GridMapping } from '@hyperslab/proto/expression';
import type { FieldCoordinate } from './field.ts';

/** Standard names of coordinates that a grid mapping is about (CF conventions, section 5.6). */
const horizontal = /^(grid_)?(latitude|longitude)$|^projection_[xy]_(angular_)?coordinate$/;
const rotated = /^grid_/;

/** The grid mapping of a dataset by its name; undefined for none. */
export function gridMappingOf({ variables }: Dataset, name: string): GridMapping | undefined {
  const variable = name === '' ? undefined : variables.find((each) => each.name === name);
  return variable && { name, attributes: variable.attributes };
}

/** A coordinate with the grid that it is of, if it is horizontal, and with the pole of that. */
export function withGridMapping(
  coordinate: FieldCoordinate,
  gridMapping: GridMapping | undefined,
): FieldCoordinate {
  if (gridMapping === undefined || !horizontal.test(coordinate.standardName)) return coordinate;
  const pole = rotated.test(coordinate.standardName) ? rotatedPole(gridMapping.attributes) : undefined;
  return pole === undefined ? { ...coordinate, gridMapping } : { ...coordinate, gridMapping, pole };
}

/** The grid mapping of all coordinates that have one; undefined when none has, or they contradict each other. */
export function commonGridMapping(coordinates: readonly FieldCoordinate[]): GridMapping | undefined {
  const [first, ...others] = coordinates.flatMap(({ gridMapping }) => gridMapping ?? []);
  const isSame = ({ attributes }: GridMapping) =>
    attributes === first.attributes || JSON.stringify(attributes) === JSON.stringify(first.attributes);
  return others.every(isSame) ? first : undefined;
}
