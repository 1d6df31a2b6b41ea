import type { Earth } from '@hyperslab/codecs';
import type { ByteCursor } from '../../byte-cursor.ts';
import { ibmFloat, optionalUint, signMagnitude } from '../grib-numbers.ts';
import type { GridDefinition, Rotation, Span } from './grid.ts';
import { directions, displacedBy } from './scan-directions.ts';

const oblate: Earth = { major: 6378160, minor: 6356775 };
const sphere: Earth = { major: 6367470, minor: 6367470 };

/** What section 2 says. */
interface GridSection1 {
  definition: GridDefinition;
  /** Vertical coordinate parameters: a and b of model levels, as a rule. */
  verticalCoordinates: number[];
}

/**
 * Reads the grid description section of edition 1 (WMO Manual on Codes, FM 92-VIII, section 2), at whose first octet the
 * cursor is. Representations that are not read make a grid of kind "other"; `points` is how many it has then. Throws
 * FORMAT_CORRUPT.
 */
export function readGrid1(cursor: ByteCursor, points: number): GridSection1 {
  const start = cursor.position;
  const length = cursor.uint(3);
  const verticalCount = cursor.uint8();
  const listOctet = cursor.uint8();
  const type = cursor.uint8();
  const end = start + length;
  if (length < 32 || end > cursor.length) {
    throw cursor.corrupt('a grid description section of at least 32 octets', `one of ${length}`);
  }
  const list = listOctet === 255 ? end : start + listOctet - 1;
  const afterVertical = list + 4 * verticalCount;
  if (afterVertical > end && verticalCount > 0) {
    throw cursor.corrupt(`${verticalCount} vertical coordinates within section 2`, `${length} octets`);
  }
  const definition = readDefinition(cursor, type, () => readRows(cursor, afterVertical, end), points);
  const verticalCoordinates: number[] = [];
  if (verticalCount > 0) {
    cursor.seek(list);
    for (let i = 0; i < verticalCount; i++) verticalCoordinates.push(ibmFloat(cursor));
  }
  cursor.seek(end);
  // The flags of offset points are of edition 2.
  const grid = displacedBy(definition.scan & 0xf0, definition.grid);
  return { definition: { ...definition, grid }, verticalCoordinates };
}

/** Numbers of points of rows: as many as there are parallels, two octets each. */
function readRows(cursor: ByteCursor, from: number, end: number): (count: number) => number[] {
  return (count) => {
    if (from + 2 * count > end) throw cursor.corrupt(`the lengths of ${count} rows`, `${end - from} octets`);
    const back = cursor.position;
    cursor.seek(from);
    const rows = Array.from({ length: count }, () => cursor.uint16());
    cursor.seek(back);
    return rows;
  };
}

function readDefinition(
  cursor: ByteCursor,
  type: number,
  rows: () => (count: number) => number[],
  points: number,
): GridDefinition {
  switch (type) {
    case 0:
    case 10:
    case 20:
    case 30:
      return readGeographic(
        cursor,
        { gaussian: false, rotated: type === 10 || type === 30, stretched: type >= 20 },
        rows,
      );
    case 4:
    case 14:
    case 24:
    case 34:
      return readGeographic(
        cursor,
        { gaussian: true, rotated: type === 14 || type === 34, stretched: type >= 24 },
        rows,
      );
    case 1:
      return readMercator(cursor);
    case 3:
    case 13:
      return readLambert(cursor);
    case 5:
      return readPolar(cursor);
    case 50:
    case 60:
    case 70:
    case 80: {
      const [j, k, m] = [cursor.uint16(), cursor.uint16(), cursor.uint16()];
      return { grid: { kind: 'spectral', j, k, m }, scan: 0, windsAlongGrid: false };
    }
    default: {
      const grid = { kind: 'other' as const, points, what: `data representation type ${type}` };
      return { grid, scan: 0, windsAlongGrid: false };
    }
  }
}

interface GeographicType {
  gaussian: boolean;
  rotated: boolean;
  stretched: boolean;
}

/** Octets 7 to 28 of latitude-longitude and Gaussian grids; rotation and stretching from octet 33. */
function readGeographic(
  cursor: ByteCursor,
  type: GeographicType,
  rows: () => (count: number) => number[],
): GridDefinition {
  const start = cursor.position;
  const ni = optionalUint(cursor, 2);
  const nj = cursor.uint16();
  const latitude1 = degrees(cursor);
  const longitude1 = degrees(cursor);
  const flags = cursor.uint8();
  const latitude2 = degrees(cursor);
  const longitude2 = degrees(cursor);
  const stated = (flags & 0x80) !== 0;
  const di = optionalUint(cursor, 2);
  const djOrN = optionalUint(cursor, 2);
  const scan = cursor.uint8();
  const { east, north } = directions(scan);
  const gaussian = type.gaussian ? (djOrN ?? 0) : undefined;
  cursor.seek(start + 26);
  const rotation = type.rotated ? readRotation(cursor) : undefined;
  const latitude: Span = {
    first: latitude1,
    last: latitude2,
    step: type.gaussian || !stated || djOrN === undefined ? undefined : djOrN / 1000,
    ascending: north,
  };
  const longitude: Span = {
    first: longitude1,
    last: longitude2,
    step: !stated || di === undefined ? undefined : di / 1000,
    ascending: east,
  };
  const common = { latitude, longitude, gaussian, rotation, stretched: type.stretched };
  const windsAlongGrid = (flags & 0x08) !== 0;
  if (ni === undefined) {
    return { grid: { kind: 'reduced', ...common, rows: rows()(nj) }, scan, windsAlongGrid };
  }
  return { grid: { kind: 'regular', ...common, ni, nj }, scan, windsAlongGrid };
}

function readRotation(cursor: ByteCursor): Rotation {
  return { southPoleLatitude: degrees(cursor), southPoleLongitude: degrees(cursor), angle: ibmFloat(cursor) };
}

/** Octets 7 to 34 of Mercator grids. */
function readMercator(cursor: ByteCursor): GridDefinition {
  const [ni, nj] = [cursor.uint16(), cursor.uint16()];
  const [latitude, longitude] = [degrees(cursor), degrees(cursor)];
  const flags = cursor.uint8();
  const last = { latitude: degrees(cursor), longitude: degrees(cursor) };
  const trueLatitude = degrees(cursor);
  cursor.skip(1);
  const scan = cursor.uint8();
  const [dx, dy] = [cursor.uint(3), cursor.uint(3)];
  const projection = { type: 'mercator' as const, trueLatitude: Math.abs(trueLatitude), centralLongitude: 0 };
  return projected(scan, flags, { projection, ni, nj, latitude, longitude, last, dx, dy });
}

/** Octets 7 to 40 of Lambert conformal grids. */
function readLambert(cursor: ByteCursor): GridDefinition {
  const [ni, nj] = [cursor.uint16(), cursor.uint16()];
  const [latitude, longitude] = [degrees(cursor), degrees(cursor)];
  const flags = cursor.uint8();
  const centralLongitude = degrees(cursor);
  const [dx, dy] = [cursor.uint(3), cursor.uint(3)];
  cursor.skip(1);
  const scan = cursor.uint8();
  const parallels: [number, number] = [degrees(cursor), degrees(cursor)];
  const projection = {
    type: 'lambert_conformal' as const,
    parallels,
    centralLongitude,
    latitudeOfOrigin: parallels[0],
  };
  return projected(scan, flags, { projection, ni, nj, latitude, longitude, last: undefined, dx, dy });
}

/** Octets 7 to 28 of polar stereographic grids, whose lengths are true at 60 degrees. */
function readPolar(cursor: ByteCursor): GridDefinition {
  const [ni, nj] = [cursor.uint16(), cursor.uint16()];
  const [latitude, longitude] = [degrees(cursor), degrees(cursor)];
  const flags = cursor.uint8();
  const centralLongitude = degrees(cursor);
  const [dx, dy] = [cursor.uint(3), cursor.uint(3)];
  const south = (cursor.uint8() & 0x80) !== 0;
  const scan = cursor.uint8();
  const trueLatitude = south ? -60 : 60;
  const projection = { type: 'polar_stereographic' as const, south, trueLatitude, centralLongitude };
  return projected(scan, flags, { projection, ni, nj, latitude, longitude, last: undefined, dx, dy });
}

type PlaneGrid = Omit<Extract<GridDefinition['grid'], { kind: 'projected' }>, 'kind' | 'earth'>;

function projected(scan: number, flags: number, grid: PlaneGrid): GridDefinition {
  const { east, north } = directions(scan);
  const earth = (flags & 0x40) !== 0 ? oblate : sphere;
  const signed = { ...grid, dx: east ? grid.dx : -grid.dx, dy: north ? grid.dy : -grid.dy };
  return { grid: { kind: 'projected', earth, ...signed }, scan, windsAlongGrid: (flags & 0x08) !== 0 };
}

function degrees(cursor: ByteCursor): number {
  return signMagnitude(cursor, 3) / 1000;
}
