import type { CellFinder } from './cell-finder.ts';
import type { AreaExtent } from './extent.ts';
import { wrapFrom } from './longitudes.ts';

/** Share of the cells that are no larger than the bins in which centres are looked for. */
const usualShare = 0.98;
/** A cell reaches a little past the halfway line: corners are further away than edges. */
const reachShare = 0.75;
/** A cell as near as this share of the grid's distance is the one that a ghost stands for. */
const closedShare = 0.8;
/** Longitudes and latitudes beyond these are fill values. */
const largestLatitude = 90.001;
const largestLongitude = 1080;

/**
 * Cells of a grid whose coordinates have two dimensions: the nearest centre, if the place is no further from it than a
 * cell reaches. Distances are chords of the unit sphere, so that poles and the date line are places like others. A row
 * of ghosts around the grid, mirrored from inside, bounds the cells at its edges.
 */
export function curvilinearCells(
  latitudes: ArrayLike<number>,
  longitudes: ArrayLike<number>,
  [rows, columns]: readonly [number, number],
): CellFinder {
  const centres = unitVectors(latitudes, longitudes);
  const { reach, inner } = cellSizes(centres, rows, columns);
  const sorted = reach.filter(Number.isFinite).sort();
  const binSize = Math.max(1e-6, sorted[Math.floor((sorted.length - 1) * usualShare)] || 0.01);
  const nearestCell = nearestOf(centres, binSize);
  const nearestGhost = nearestOf(ghosts(centres, rows, columns, nearestCell), binSize);
  return {
    extent: extentOf(latitudes, longitudes, sorted[sorted.length >> 1] ?? 0),
    cellAt(longitude, latitude) {
      const place = unitVector(latitude, longitude);
      const [cell, distance] = nearestCell(place);
      if (cell < 0 || distance > reach[cell]) return -1;
      return distance > inner[cell] && nearestGhost(place)[1] < distance ? -1 : cell;
    },
  };
}

/** A point near the unit sphere. */
type Place = [x: number, y: number, z: number];
/** Number and distance of the point that is nearest to a place; -1 and infinity when none is near. */
type Nearest = (place: Place) => [number, number];

function unitVector(latitude: number, longitude: number): Place {
  const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

function isPlace(latitude: number, longitude: number): boolean {
  return Math.abs(latitude) <= largestLatitude && Math.abs(longitude) <= largestLongitude;
}

/** Three coordinates for each cell; NaN where it has no place. */
function unitVectors(latitudes: ArrayLike<number>, longitudes: ArrayLike<number>): Float64Array {
  const points = new Float64Array(3 * latitudes.length).fill(Number.NaN);
  for (let cell = 0; cell < latitudes.length; cell++)
    if (isPlace(latitudes[cell], longitudes[cell]))
      points.set(unitVector(latitudes[cell], longitudes[cell]), 3 * cell);
  return points;
}

function distanceOf(
  points: Float64Array,
  a: number,
  [x, y, z]: ArrayLike<number> & Iterable<number>,
): number {
  return Math.hypot(points[3 * a] - x, points[3 * a + 1] - y, points[3 * a + 2] - z);
}

/** How far each cell reaches from its centre, and how far at least, from the distances to its neighbours. */
function cellSizes(points: Float64Array, rows: number, columns: number) {
  const reach = new Float64Array(rows * columns).fill(Number.NaN);
  const inner = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      const around = [
        row > 0 ? cell - columns : cell,
        row < rows - 1 ? cell + columns : cell,
        column > 0 ? cell - 1 : cell,
        column < columns - 1 ? cell + 1 : cell,
      ]
        .map((other) => distanceOf(points, cell, points.subarray(3 * other, 3 * other + 3)))
        .filter((distance) => distance > 0);
      if (around.length === 0) continue;
      reach[cell] = Math.max(...around) * reachShare;
      inner[cell] = Math.min(...around) / 2;
    }
  return { reach, inner };
}

/**
 * The places where the cells beyond the edges of the grid would be, without those that other cells have: of a grid that
 * closes upon itself round the globe, or is folded at the pole.
 */
function ghosts(points: Float64Array, rows: number, columns: number, nearestCell: Nearest): Float64Array {
  const found: number[] = [];
  const beyond = (edge: number, inside: number) => {
    const ghost = [0, 1, 2].map((i) => 2 * points[3 * edge + i] - points[3 * inside + i]) as Place;
    if (nearestCell(ghost)[1] > closedShare * distanceOf(points, edge, ghost)) found.push(...ghost);
  };
  for (let row = 0; row < rows && columns > 1; row++) {
    const first = row * columns;
    beyond(first, first + 1);
    beyond(first + columns - 1, first + columns - 2);
  }
  for (let column = 0; column < columns && rows > 1; column++) {
    beyond(column, column + columns);
    beyond((rows - 1) * columns + column, (rows - 2) * columns + column);
  }
  return Float64Array.from(found);
}

/** Looks for the nearest of many points among those at most a bin away: its number and distance. */
function nearestOf(points: Float64Array, binSize: number): Nearest {
  // Points lie in [-2, 2]: ghosts may be a little off the sphere.
  const binOf = (coordinate: number) => Math.floor((coordinate + 2) / binSize) + 1;
  const width = Math.ceil(4 / binSize) + 3;
  const key = (x: number, y: number, z: number) => (x * width + y) * width + z;
  const bins = new Map<number, number[]>();
  for (let i = 0; i < points.length / 3; i++) {
    if (Number.isNaN(points[3 * i])) continue;
    const at = key(binOf(points[3 * i]), binOf(points[3 * i + 1]), binOf(points[3 * i + 2]));
    const bin = bins.get(at);
    if (bin) bin.push(i);
    else bins.set(at, [i]);
  }
  return (place) => {
    const [x, y, z] = [binOf(place[0]), binOf(place[1]), binOf(place[2])];
    let nearest = -1;
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = x - 1; i <= x + 1; i++)
      for (let j = y - 1; j <= y + 1; j++)
        for (let k = z - 1; k <= z + 1; k++)
          for (const point of bins.get(key(i, j, k)) ?? []) {
            const distance = distanceOf(points, point, place);
            if (distance < smallest) [smallest, nearest] = [distance, point];
          }
    return [nearest, smallest];
  };
}

/** The smallest area that holds all cells: longitudes leave out the widest gap between them. */
function extentOf(
  latitudes: ArrayLike<number>,
  longitudes: ArrayLike<number>,
  usualReach: number,
): AreaExtent {
  const degrees = 360;
  const occupied = new Uint8Array(degrees);
  let [south, north] = [90, -90];
  for (let cell = 0; cell < latitudes.length; cell++) {
    if (!isPlace(latitudes[cell], longitudes[cell])) continue;
    south = Math.min(south, latitudes[cell]);
    north = Math.max(north, latitudes[cell]);
    occupied[Math.floor(wrapFrom(longitudes[cell], 0)) % degrees] = 1;
  }
  const margin = ((usualReach / reachShare / 2) * 180) / Math.PI;
  south = Math.max(-90, south - margin);
  north = Math.min(90, north + margin);
  const { end, length } = widestGap(occupied);
  if (length < 10) return { west: -180, east: 180, south, north };
  let [west, east] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let cell = 0; cell < latitudes.length; cell++) {
    if (!isPlace(latitudes[cell], longitudes[cell])) continue;
    const longitude = wrapFrom(longitudes[cell], end - length / 2);
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
  }
  const wider = margin / Math.max(0.1, Math.cos((((south + north) / 2) * Math.PI) / 180));
  const turn = 360 * Math.round((west + east) / 720);
  return { west: west - wider - turn, east: east + wider - turn, south, north };
}

/** The longest run of whole degrees without a cell, and the degree after it. */
function widestGap(occupied: Uint8Array): { end: number; length: number } {
  let widest = { end: 0, length: 0 };
  let length = 0;
  for (let i = 0; i < 2 * occupied.length; i++) {
    if (occupied[i % occupied.length] === 1) length = 0;
    else if (++length > widest.length && length < occupied.length) widest = { end: i + 1, length };
  }
  return widest;
}
