import { tilesOfAxes, tilesOfRows } from '../../grid-tiles.ts';
import type { HeldPlaces } from '../../held-places.ts';
import { inlineVariable } from '../variables.ts';
import { latitudeValues, longitudeValues } from './axis-values.ts';
import type { ReducedGrid, RegularGrid, Rotation } from './grid.ts';
import { addPlaces, axisAttributes, type GridContent, longestAxis, plainContent } from './grid-content.ts';

/** Latitude and longitude as dimensions, those of the rotated sphere with a grid mapping. */
export function regularContent(grid: RegularGrid, group: string, places: HeldPlaces): GridContent {
  const rotated = grid.rotation !== undefined;
  const [yName, xName] = rotated
    ? (['grid_latitude', 'grid_longitude'] as const)
    : (['latitude', 'longitude'] as const);
  if (grid.stretched) return noCoordinates(grid, group, 'stretched grids have none here');
  if (grid.displaced !== undefined) return noCoordinates(grid, group, grid.displaced);
  if (Math.max(grid.ni, grid.nj) > longestAxis) {
    return noCoordinates(grid, group, `an axis has more than ${longestAxis} points`);
  }
  const latitudes = latitudeValues(grid.latitude, grid.nj, grid.gaussian);
  const longitudes = longitudeValues(grid.longitude, grid.ni);
  if (latitudes === undefined || longitudes === undefined) {
    return noCoordinates(
      grid,
      group,
      'its first and last points, distances and numbers of points contradict each other',
    );
  }
  const content = plainContent(group, { [yName]: grid.nj, [xName]: grid.ni });
  const [y, x] = content.fieldDimensions;
  content.variables.push(
    inlineVariable(yName, [y], latitudes, axisAttributes[yName]),
    inlineVariable(xName, [x], longitudes, axisAttributes[xName]),
  );
  if (grid.rotation === undefined || !addRotation(content, grid.rotation)) return content;
  const pole = northPole(grid.rotation);
  addPlaces(content, places, () =>
    tilesOfAxes([...latitudes], [...longitudes], (rows, columns) => ({
      ...{ kind: 'rotated', pole, y: rows, x: columns },
    })),
  );
  return content;
}

function noCoordinates(grid: RegularGrid, group: string, why: string): GridContent {
  return { ...plainContent(group, { y: grid.nj, x: grid.ni }), notes: [`no coordinates: ${why}`] };
}

/** Adds the grid mapping of a rotated pole (CF conventions, appendix F); false where there is none. */
function addRotation(content: GridContent, rotation: Rotation): boolean {
  const { angle } = rotation;
  if (angle !== 0) {
    content.notes.push(`no grid mapping: its grid is turned by ${angle} degrees about its pole`);
    return false;
  }
  const { latitude, longitude } = northPole(rotation);
  content.variables.push(
    inlineVariable('rotated_latitude_longitude', [], Int32Array.of(0), {
      grid_mapping_name: 'rotated_latitude_longitude',
      grid_north_pole_latitude: latitude,
      grid_north_pole_longitude: longitude,
      north_pole_grid_longitude: 0,
    }),
  );
  content.fieldAttributes.grid_mapping = 'rotated_latitude_longitude';
  return true;
}

function northPole({ southPoleLatitude, southPoleLongitude }: Rotation) {
  return { latitude: -southPoleLatitude, longitude: ((southPoleLongitude + 360) % 360) - 180 };
}

/**
 * One dimension of points, row after row. Rows are described by their latitudes and numbers of points, and points by
 * their places.
 */
export function reducedContent(grid: ReducedGrid, group: string, places: HeldPlaces): GridContent {
  const points = grid.rows.reduce((sum, count) => sum + count, 0);
  const content = plainContent(group, { values: points });
  if (grid.stretched || grid.rotation !== undefined) {
    content.notes.push('no coordinates: rotated or stretched reduced grids have none here');
    return content;
  }
  if (grid.displaced !== undefined) {
    content.notes.push(`no coordinates: ${grid.displaced}`);
    return content;
  }
  const latitudes = latitudeValues(grid.latitude, grid.rows.length, grid.gaussian);
  if (latitudes === undefined) {
    content.notes.push(
      'no coordinates: its first and last points and numbers of points contradict each other',
    );
    return content;
  }
  const row = { path: `${group}/row`, size: grid.rows.length };
  content.dimensions.push({ name: 'row', size: row.size, unlimited: false });
  content.variables.push(
    inlineVariable('row_latitude', [row], latitudes, {
      long_name: 'latitude of each row of points',
      units: 'degrees_north',
    }),
    inlineVariable('row_points', [row], Int32Array.from(grid.rows), {
      long_name: 'number of points of each row',
      units: '1',
    }),
  );
  if (isPartOfCircle(grid) && grid.gaussian !== undefined) {
    content.notes.push('no longitudes: its rows do not go round the earth');
    return content;
  }
  const { first, last, ascending } = grid.longitude;
  const closed = !isPartOfCircle(grid);
  const distance = closed ? 360 : spanOf(first, last, ascending);
  const rows = { latitudes, counts: grid.rows, first, way: ascending ? distance : -distance, closed };
  addPlaces(content, places, () => tilesOfRows(rows));
  return content;
}

/** Whether rows end before they come round. */
function isPartOfCircle({ longitude, rows }: ReducedGrid): boolean {
  const longest = rows.reduce((most, count) => Math.max(most, count), 1);
  const distance = spanOf(longitude.first, longitude.last, longitude.ascending);
  // The last point of the longest row is a step before the first; messages round it, some a lot.
  return distance < 360 - 360 / longest - Math.max(0.1, 180 / longest);
}

function spanOf(first: number, last: number | undefined, ascending: boolean): number {
  if (last === undefined) return 360;
  const turned = (ascending ? last - first : first - last) % 360;
  return turned <= 0 ? turned + 360 : turned;
}
