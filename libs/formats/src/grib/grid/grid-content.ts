import type { Dimension, IndexedVariable } from '@hyperslab/proto/index';
import type { GridTiles } from '../../grid-tiles.ts';
import type { HeldPlaces, NamedExtent } from '../../held-places.ts';
import type { AttributeValue } from '../variables.ts';

/** A grid as a group has it. */
export interface GridContent {
  dimensions: Dimension[];
  /** Coordinates and grid mapping. */
  variables: IndexedVariable[];
  /** Dimensions of a field, in order. */
  fieldDimensions: NamedExtent[];
  /** What a field says of its grid: grid_mapping, coordinates. */
  fieldAttributes: Record<string, AttributeValue>;
  /** What there is to know of the grid, as attributes of its group. */
  groupAttributes: Record<string, AttributeValue>;
  /** What is not there, and why: a phrase for each. */
  notes: string[];
}

/** Content of a grid whose dimensions are those of its fields, and no more said. */
export function plainContent(group: string, sizes: Record<string, number>): GridContent {
  const extents = Object.entries(sizes).map(([name, size]) => ({ path: `${group}/${name}`, size }));
  return {
    dimensions: Object.entries(sizes).map(([name, size]) => ({ name, size, unlimited: false })),
    variables: [],
    fieldDimensions: extents,
    fieldAttributes: {},
    groupAttributes: {},
    notes: [],
  };
}

const latitude = { standard_name: 'latitude', long_name: 'latitude', units: 'degrees_north' };
const longitude = { standard_name: 'longitude', long_name: 'longitude', units: 'degrees_east' };

/** Attributes of coordinates along an axis. */
export const axisAttributes = {
  latitude: { ...latitude, axis: 'Y' },
  longitude: { ...longitude, axis: 'X' },
  grid_latitude: { standard_name: 'grid_latitude', units: 'degrees', axis: 'Y' },
  grid_longitude: { standard_name: 'grid_longitude', units: 'degrees', axis: 'X' },
  y: { standard_name: 'projection_y_coordinate', units: 'm', axis: 'Y' },
  x: { standard_name: 'projection_x_coordinate', units: 'm', axis: 'X' },
};

/** Points along the longest axis whose coordinates are kept in the index. Grids in use have up to 40,000. */
export const longestAxis = 2 ** 16;

/** Adds the latitude and longitude of each point as auxiliary coordinates; a note where there are too many. */
export function addPlaces(content: GridContent, places: HeldPlaces, tiles: () => GridTiles): void {
  const sizes = content.fieldDimensions.map(({ size }) => size);
  const isLong = sizes.length > 1 && Math.max(...sizes) > longestAxis;
  const variables = isLong ? undefined : places.variables(content.fieldDimensions, tiles);
  if (variables === undefined) {
    content.notes.push(`no latitude and longitude: its ${sizes.join(' × ')} points are too many`);
    return;
  }
  content.variables.push(...variables);
  if (variables.length > 0) content.fieldAttributes.coordinates = 'latitude longitude';
}
