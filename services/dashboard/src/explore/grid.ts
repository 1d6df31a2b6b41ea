import { type RotatedPole, rotatedPole } from '@hyperslab/cube';
import { type Coordinate, CoordinateRole, type Cube, type Dataset } from '@hyperslab/proto/cube';

/** The two dimensions of a cube that a picture shows, and what tells where its cells lie. */
export interface Grid {
  /** Number of the dimension that goes from top to bottom, and of the one that goes from left to right. */
  rows: number;
  columns: number;
  /**
   * Where the cells lie: a latitude for each row and a longitude for each column; both for each cell; on a grid whose
   * pole is moved; or nobody says, and the picture is one of indices.
   */
  place:
    | { kind: 'rectilinear'; latitude: string; longitude: string }
    | { kind: 'curvilinear'; latitude: string; longitude: string; isTurned: boolean }
    | { kind: 'rotated'; latitude: string; longitude: string; pole: RotatedPole }
    | { kind: 'index' };
}

/** The grid of a cube; undefined when it has fewer than two dimensions of more than one index. */
export function gridOf(dataset: Dataset, cube: Cube): Grid | undefined {
  return onGlobe(cube) ?? onRotated(dataset, cube) ?? inIndices(cube);
}

function onGlobe(cube: Cube): Grid | undefined {
  const latitudes = cube.coordinates.filter((each) => isDirection(each, 'latitude', /^degrees?_?(north|N)$/));
  const longitudes = cube.coordinates.filter((each) =>
    isDirection(each, 'longitude', /^degrees?_?(east|E)$/),
  );
  for (const latitude of latitudes)
    for (const longitude of longitudes) {
      const [a, b] = [axesOf(cube, latitude), axesOf(cube, longitude)];
      const names = { latitude: latitude.variable, longitude: longitude.variable };
      if (a.length === 1 && b.length === 1 && a[0] !== b[0])
        return { rows: a[0], columns: b[0], place: { kind: 'rectilinear', ...names } };
      if (a.length === 2 && a.join() === b.join()) return curvilinear(cube, a, names);
    }
  return undefined;
}

/** Rows are what runs along Y, if anything says so: arrays with x in front would else lie on their side. */
function curvilinear(
  cube: Cube,
  [first, second]: number[],
  names: { latitude: string; longitude: string },
): Grid {
  const isTurned = cube.coordinates.some(
    (each) => each.axis === 'X' && each.dimensions.length === 1 && axesOf(cube, each)[0] === first,
  );
  const [rows, columns] = isTurned ? [second, first] : [first, second];
  return { rows, columns, place: { kind: 'curvilinear', ...names, isTurned } };
}

function onRotated(dataset: Dataset, cube: Cube): Grid | undefined {
  const along = (name: string) =>
    cube.coordinates.find((each) => each.standardName === name && axesOf(cube, each).length === 1);
  const [latitude, longitude] = [along('grid_latitude'), along('grid_longitude')];
  const mapping = dataset.variables.find(({ name }) => name === cube.gridMapping);
  const pole = rotatedPole(mapping?.attributes ?? []);
  if (latitude === undefined || longitude === undefined || pole === undefined) return undefined;
  const [rows, columns] = [axesOf(cube, latitude)[0], axesOf(cube, longitude)[0]];
  if (rows === columns) return undefined;
  const place = {
    kind: 'rotated' as const,
    latitude: latitude.variable,
    longitude: longitude.variable,
    pole,
  };
  return { rows, columns, place };
}

/** The dimensions that say that they are Y and X, else the last two that have an extent. */
function inIndices(cube: Cube): Grid | undefined {
  const towards = (axis: string) =>
    cube.coordinates
      .filter((each) => each.axis === axis && each.role === CoordinateRole.COORDINATE_ROLE_DIMENSION)
      .map((each) => axesOf(cube, each)[0])
      .find((axis) => axis !== undefined);
  const wide = cube.shape.flatMap((extent, axis) => (extent > 1 ? [axis] : []));
  const columns = towards('X') ?? wide.at(-1);
  const rows = towards('Y') ?? wide.filter((axis) => axis !== columns).at(-1);
  if (rows === undefined || columns === undefined || rows === columns) return undefined;
  return { rows, columns, place: { kind: 'index' } };
}

/** Numbers of the cube's dimensions that a coordinate spans. */
function axesOf(cube: Cube, { dimensions }: Coordinate): number[] {
  return dimensions.map((name) => cube.dimensions.indexOf(name));
}

/** CF conventions, sections 4.1 and 4.2: by standard name, or by units that nothing else has. */
function isDirection({ standardName, units }: Coordinate, name: string, pattern: RegExp): boolean {
  return standardName === name || (standardName === '' && pattern.test(units));
}
