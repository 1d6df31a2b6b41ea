import {
  type Earth,
  longitudeBetween,
  type PartAxis,
  type Plane,
  type Projection,
  planeOf,
} from '@hyperslab/codecs';
import { tilesOfAxes } from '../../grid-tiles.ts';
import type { HeldPlaces } from '../../held-places.ts';
import { type AttributeValue, inlineVariable } from '../variables.ts';
import type { ProjectedGrid, TransverseMercatorGrid } from './grid.ts';
import { addPlaces, axisAttributes, type GridContent, longestAxis, plainContent } from './grid-content.ts';

/** x and y in metres with a grid mapping (CF conventions, appendix F), and the latitude and longitude of each point. */
export function projectedContent(grid: ProjectedGrid, group: string, places: HeldPlaces): GridContent {
  if (grid.displaced !== undefined) return withoutPlane(grid, group, grid.displaced);
  const plane = planeOf(grid.projection, grid.earth);
  const [x0, y0] = plane.forward(grid.latitude, grid.longitude);
  if (!Number.isFinite(x0 + y0) || !endsAsStated(grid, plane, x0, y0)) {
    return withoutPlane(grid, group, 'its points and the plane of its projection contradict each other');
  }
  const content = withPlane(grid, group, x0, y0);
  addMapping(content, mappingOf(grid.projection, grid.earth));
  const { projection, earth } = grid;
  const [y, x] = planeAxes(grid, x0, y0);
  addPlaces(content, places, () =>
    tilesOfAxes(y, x, (rows, columns) => ({ kind: 'plane', projection, earth, y: rows, x: columns })),
  );
  return content;
}

/** Whether the last point is where it is stated, within a step. */
function endsAsStated(
  { last, ni, nj, dx, dy }: ProjectedGrid,
  plane: Plane,
  x0: number,
  y0: number,
): boolean {
  if (last === undefined) return true;
  const place = (i: number, j: number) => plane.inverse(x0 + i * dx, y0 + j * dy);
  const [latitude, longitude] = place(ni - 1, nj - 1);
  const [before, beside] = place(ni - 2, nj - 2);
  const turn = Math.abs(longitudeBetween(longitude, last.longitude));
  return (
    Math.abs(latitude - last.latitude) <= Math.abs(latitude - before) + 0.01 &&
    turn <= Math.abs(longitudeBetween(longitude, beside)) + 0.01
  );
}

/** The same for a plane whose coordinates are stated. */
export function transverseMercatorContent(
  grid: TransverseMercatorGrid,
  group: string,
  places: HeldPlaces,
): GridContent {
  if (grid.displaced !== undefined) return withoutPlane(grid, group, grid.displaced);
  const content = withPlane(grid, group, grid.x, grid.y);
  addMapping(content, {
    grid_mapping_name: 'transverse_mercator',
    latitude_of_projection_origin: grid.latitudeOfOrigin,
    longitude_of_central_meridian: grid.centralLongitude,
    scale_factor_at_central_meridian: grid.scale,
    false_easting: grid.falseEasting,
    false_northing: grid.falseNorthing,
    ...figureOf(grid.earth),
  });
  const { earth, latitudeOfOrigin, centralLongitude, falseEasting, falseNorthing, scale } = grid;
  const projection = {
    ...{ type: 'transverse_mercator' as const, latitudeOfOrigin, centralLongitude, scale },
    ...{ falseEasting, falseNorthing },
  };
  const [y, x] = planeAxes(grid, grid.x, grid.y);
  addPlaces(content, places, () =>
    tilesOfAxes(y, x, (rows, columns) => ({ kind: 'plane', projection, earth, y: rows, x: columns })),
  );
  return content;
}

function withoutPlane(
  { ni, nj }: ProjectedGrid | TransverseMercatorGrid,
  group: string,
  why: string,
): GridContent {
  return { ...plainContent(group, { y: nj, x: ni }), notes: [`no coordinates: ${why}`] };
}

/** Coordinates of rows and columns, metres. */
function planeAxes(
  { ni, nj, dx, dy }: ProjectedGrid | TransverseMercatorGrid,
  x0: number,
  y0: number,
): [y: PartAxis, x: PartAxis] {
  return [
    { first: y0, step: dy, from: 0, count: nj },
    { first: x0, step: dx, from: 0, count: ni },
  ];
}

function withPlane(
  { ni, nj, dx, dy }: ProjectedGrid | TransverseMercatorGrid,
  group: string,
  x0: number,
  y0: number,
): GridContent {
  const content = plainContent(group, { y: nj, x: ni });
  if (Math.max(ni, nj) > longestAxis) {
    content.notes.push(`no coordinates: an axis has more than ${longestAxis} points`);
    return content;
  }
  const [y, x] = content.fieldDimensions;
  const along = (first: number, step: number, count: number) =>
    Float64Array.from({ length: count }, (_, i) => first + i * step);
  content.variables.push(
    inlineVariable('y', [y], along(y0, dy, nj), axisAttributes.y),
    inlineVariable('x', [x], along(x0, dx, ni), axisAttributes.x),
  );
  return content;
}

function addMapping(content: GridContent, attributes: Record<string, AttributeValue>): void {
  const name = String(attributes.grid_mapping_name);
  content.variables.push(inlineVariable(name, [], Int32Array.of(0), attributes));
  content.fieldAttributes.grid_mapping = name;
}

function mappingOf(projection: Projection, earth: Earth): Record<string, AttributeValue> {
  const figure = figureOf(earth);
  switch (projection.type) {
    case 'lambert_conformal':
    case 'albers': {
      const [first, second] = projection.parallels;
      return {
        grid_mapping_name:
          projection.type === 'albers' ? 'albers_conical_equal_area' : 'lambert_conformal_conic',
        standard_parallel: first === second ? first : [first, second],
        longitude_of_central_meridian: projection.centralLongitude,
        latitude_of_projection_origin: projection.latitudeOfOrigin,
        ...figure,
      };
    }
    case 'polar_stereographic':
      return {
        grid_mapping_name: 'polar_stereographic',
        latitude_of_projection_origin: projection.south ? -90 : 90,
        straight_vertical_longitude_from_pole: projection.centralLongitude,
        standard_parallel: projection.trueLatitude,
        ...figure,
      };
    case 'mercator':
      return {
        grid_mapping_name: 'mercator',
        longitude_of_projection_origin: projection.centralLongitude,
        standard_parallel: projection.trueLatitude,
        ...figure,
      };
    case 'lambert_azimuthal':
      return {
        grid_mapping_name: 'lambert_azimuthal_equal_area',
        latitude_of_projection_origin: projection.latitudeOfOrigin,
        longitude_of_projection_origin: projection.centralLongitude,
        ...figure,
      };
  }
}

function figureOf({ major, minor }: Earth): Record<string, AttributeValue> {
  return major === minor ? { earth_radius: major } : { semi_major_axis: major, semi_minor_axis: minor };
}
