import { describeMergeOptions } from '@hyperslab/cube';
import type { Cube, Dataset } from '@hyperslab/proto/cube';
import { jsonAttributes } from './json-attributes.ts';

/** A cube as `show --json` prints it. */
function jsonCube(cube: Cube) {
  return {
    name: cube.name,
    standard_name: cube.standardName,
    long_name: cube.longName,
    units: cube.units,
    dtype: cube.dtype,
    dimensions: cube.dimensions,
    shape: cube.shape,
    coordinates: cube.coordinates.map((coordinate) => coordinate.variable),
    cell_methods: cube.cellMethods,
    attributes: jsonAttributes(cube.attributes),
  };
}

/** A dataset as `show --json` prints it. */
export function jsonDataset(dataset: Dataset, cubes: readonly Cube[] = dataset.cubes) {
  return {
    name: dataset.name,
    version: dataset.version,
    merged_with: describeMergeOptions(dataset.provenance?.merge),
    attributes: jsonAttributes(dataset.attributes),
    cubes: cubes.map(jsonCube),
  };
}
