import { codecCorrupt } from '../codec-error.ts';
import type { GridPart, PartAxis, RowsPart } from './grid-part.ts';

/** Numbers of a projection that are no matter of choice are checked by what they make: a place that is none is NaN. */
const projections = new Set([
  'lambert_conformal',
  'albers',
  'polar_stereographic',
  'mercator',
  'lambert_azimuthal',
  'transverse_mercator',
]);

type Json = Record<string, unknown>;

/**
 * Reads the description of a part of a grid that has `points` points. What it asks for is in proportion to these. Throws
 * FORMAT_CORRUPT.
 */
export function parseGridPart(bytes: Uint8Array, points: number): GridPart {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  } catch (cause) {
    throw codecCorrupt(
      'grid_points',
      'a description of points as JSON',
      `${bytes.length} other bytes`,
      cause,
    );
  }
  const part = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Json;
  if (!isPart(part, points)) {
    const found = JSON.stringify(parsed).slice(0, 60);
    throw codecCorrupt('grid_points', `a description of ${points} points`, found);
  }
  return part as unknown as GridPart;
}

function isPart(part: Json, points: number): boolean {
  switch (part.kind) {
    case 'rows':
      return isRows(part, points);
    case 'plane':
      return (
        isOnAxes(part, points) && isProjection(part.projection) && isNumbers(part.earth, ['major', 'minor'])
      );
    case 'rotated':
      return isOnAxes(part, points) && isNumbers(part.pole, ['latitude', 'longitude']);
    case 'healpix': {
      const { side, first } = part;
      const isInside = isCount(side, 2 ** 24) && isCount(first) && first + points <= 12 * side * side;
      return isInside && side > 0 && part.points === points && typeof part.nested === 'boolean';
    }
    default:
      return false;
  }
}

function isRows(part: Json, points: number): boolean {
  const { latitudes, counts, skip } = part as unknown as RowsPart;
  if (!isList(latitudes) || !isList(counts) || latitudes.length !== counts.length) return false;
  if (!counts.every((count) => isCount(count)) || !isCount(skip) || skip > (counts[0] ?? 0)) return false;
  const isAll = counts.reduce((sum, count) => sum + count, 0) - skip >= points;
  return (
    isAll && part.points === points && isNumbers(part, ['first', 'way']) && typeof part.closed === 'boolean'
  );
}

function isOnAxes({ y, x }: Json, points: number): boolean {
  const [rows, columns] = [extentOf(y), extentOf(x)];
  return rows * columns === points;
}

/** Extent of an axis; NaN for what is none. */
function extentOf(value: unknown): number {
  if (isList(value)) return value.length;
  const axis = value as Exclude<PartAxis, readonly number[]>;
  const isSpaced = isNumbers(value, ['first', 'step']) && isCount(axis.from) && isCount(axis.count);
  return isSpaced ? axis.count : Number.NaN;
}

function isProjection(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { type, south, parallels, ...numbers } = value as Json;
  const isKnown = typeof type === 'string' && projections.has(type);
  const hasParallels = type === 'lambert_conformal' || type === 'albers';
  const isPolar = type === 'polar_stereographic';
  return (
    isKnown &&
    (hasParallels ? isList(parallels) && parallels.length === 2 : parallels === undefined) &&
    (isPolar ? typeof south === 'boolean' : south === undefined) &&
    isNumbers(numbers, Object.keys(numbers))
  );
}

function isNumbers(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => Number.isFinite((value as Json)[name]))
  );
}

function isList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(Number.isFinite);
}

function isCount(value: unknown, most = Number.MAX_SAFE_INTEGER): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
