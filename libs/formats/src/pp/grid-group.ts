import type { Attribute } from '@hyperslab/proto/array';
import type { Group, IndexedVariable } from '@hyperslab/proto/index';
import { tilesOfAxes } from '../grid-tiles.ts';
import type { HeldPlaces } from '../held-places.ts';
import { textAttribute } from './attributes.ts';
import type { Axis } from './axis.ts';
import type { PpGrid } from './grid.ts';

/** The group that holds what fields of a grid share: dimensions, coordinates with bounds, the grid mapping, places about a rotated pole. */
export function gridGroup(grid: PpGrid, places: HeldPlaces): Group {
  const { y, x, mapping, sites } = grid;
  const axes = [y, x];
  const hasBounds = sites.length > 0 || axes.some(({ bounds }) => bounds !== undefined);
  return {
    name: `@${grid.name}`,
    attributes: [],
    dimensions: [
      ...axes.map(({ name, size }) => ({ name, size, unlimited: false })),
      ...(hasBounds ? [{ name: 'bnds', size: 2, unlimited: false }] : []),
    ],
    variables: [
      ...axes.flatMap((axis) => coordinateVariables(axis, axis.name, grid.name)),
      ...sites.flatMap((site) => coordinateVariables(site, grid[site.along].name, grid.name)),
      ...(mapping === undefined ? [] : [inline(mapping.name, [], [], [0], mapping.attributes)]),
      ...rotatedPlaces(grid, places),
    ],
    groups: [],
  };
}

/** Paths of the dimensions of a field, rows first. */
export function fieldDimensions({ name, y, x }: PpGrid): string[] {
  return [`/@${name}/${y.name}`, `/@${name}/${x.name}`];
}

/** Latitude and longitude of the points of a rotated grid. */
function rotatedPlaces(grid: PpGrid, places: HeldPlaces): IndexedVariable[] {
  const { pole, y, x } = grid;
  if (pole === undefined) return [];
  const dimensions = [y, x].map(({ name, size }) => ({ path: `/@${grid.name}/${name}`, size }));
  const tiles = () =>
    tilesOfAxes(y.values!, x.values!, (rows, columns) => ({ kind: 'rotated', pole, y: rows, x: columns }));
  return places.variables(dimensions, tiles) ?? [];
}

/** A coordinate along a dimension, and its bounds. */
function coordinateVariables(
  { name, values, bounds, attributes }: Pick<Axis, 'name' | 'values' | 'bounds' | 'attributes'>,
  dimension: string,
  grid: string,
): IndexedVariable[] {
  if (values === undefined) return [];
  const path = `/@${grid}/${dimension}`;
  const size = values.length;
  if (bounds === undefined) return [inline(name, [path], [size], values, attributes)];
  const boundsName = `${name}_bnds`;
  return [
    inline(name, [path], [size], values, [...attributes, textAttribute('bounds', boundsName)]),
    inline(boundsName, [path, `/@${grid}/bnds`], [size, 2], bounds, []),
  ];
}

/** A variable of doubles that are kept in the index. */
function inline(
  name: string,
  dimensions: string[],
  shape: number[],
  values: readonly number[],
  attributes: Attribute[],
): IndexedVariable {
  const dtype = 'float64';
  const data = Buffer.from(Float64Array.from(values).buffer);
  const inlineValues = { dtype, shape, data, mask: Buffer.alloc(0) };
  return { name, dtype, dimensions, shape, attributes, inlineValues, notComputable: '', contentSha256: '' };
}
