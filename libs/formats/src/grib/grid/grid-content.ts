import type { Dimension, IndexedVariable } from '@hyperslab/proto/index';
import { type AttributeValue, inlineVariable, type NamedExtent } from '../variables.ts';

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

// Larger ones make indexes that are mostly places: a merge reads the index of every file.
const largestInline = 64 * 1024;

/**
 * Adds the latitude and longitude of each point as auxiliary coordinates: float64 where they fit into 64 KiB, float32
 * where only those do; else a note that they are not there.
 */
export function addPlaces(
  content: GridContent,
  places: () => { latitudes: Float64Array; longitudes: Float64Array },
): void {
  const count = content.fieldDimensions.reduce((product, { size }) => product * size, 1);
  if (4 * count > largestInline) {
    content.notes.push(`latitude and longitude of its ${count} points are not in the index`);
    return;
  }
  const { latitudes, longitudes } = places();
  const stored = (values: Float64Array) => (8 * count > largestInline ? Float32Array.from(values) : values);
  content.variables.push(
    inlineVariable('latitude', content.fieldDimensions, stored(latitudes), latitude),
    inlineVariable('longitude', content.fieldDimensions, stored(longitudes), longitude),
  );
  content.fieldAttributes.coordinates = 'latitude longitude';
}
