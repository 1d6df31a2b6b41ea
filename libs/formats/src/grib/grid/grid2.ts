import type { ByteCursor } from '../../byte-cursor.ts';
import { optionalUint, signMagnitude } from '../grib-numbers.ts';
import { readEarth } from './earth.ts';
import { type GridDefinition, type Rotation, type Span, shapeOf } from './grid.ts';
import { longestAxis } from './grid-content.ts';
import { readProjected2, readTransverseMercator } from './projected2.ts';
import { directions, displacedBy } from './scan-directions.ts';

/** What section 3 says before its template. */
interface GridHeader {
  points: number;
  /** Lengths of rows at the end of the section, when they are there. */
  rows: (count: number) => number[];
}

/**
 * Reads the grid definition section of edition 2 (WMO Manual on Codes, FM 92, section 3), after its length and number.
 * The cursor holds no more than the section. Templates that are not read make a grid of kind "other". Throws
 * FORMAT_CORRUPT.
 */
export function readGrid2(cursor: ByteCursor): GridDefinition {
  const source = cursor.uint8();
  const points = cursor.uint32();
  const listWidth = cursor.uint8();
  const interpretation = cursor.uint8();
  const template = cursor.uint16();
  if (source !== 0) return other(points, `a grid that is defined elsewhere (source ${source})`);
  if (listWidth > 0 && interpretation > 1) {
    return other(points, `grid definition template 3.${template} with row lengths of kind ${interpretation}`);
  }
  const rows = (count: number) => readRows(cursor, listWidth, count);
  const definition = readTemplate(cursor, template, { points, rows });
  if (definition === undefined) return other(points, `grid definition template 3.${template}`);
  const grid = displacedBy(definition.scan, definition.grid);
  const extents = shapeOf(grid);
  // Coefficients are counted in more than one way.
  if (grid.kind !== 'spectral' && extents.reduce((a, b) => a * b, 1) !== points) {
    throw cursor.corrupt(`a grid of ${points} points`, `one of ${extents.join(' × ')}`);
  }
  return { ...definition, grid };
}

function readTemplate(cursor: ByteCursor, template: number, header: GridHeader): GridDefinition | undefined {
  switch (template) {
    case 0:
    case 1:
    case 2:
    case 3:
      return readGeographic(cursor, header, {
        gaussian: false,
        rotated: template % 2 === 1,
        stretched: template >= 2,
      });
    case 40:
    case 41:
    case 42:
    case 43:
      return readGeographic(cursor, header, {
        gaussian: true,
        rotated: template % 2 === 1,
        stretched: template >= 42,
      });
    case 10:
    case 20:
    case 30:
    case 31:
    case 140:
      return readProjected2(cursor, template);
    case 12:
      return readTransverseMercator(cursor);
    case 50:
    case 51:
    case 52:
    case 53:
      return readSpectral(cursor);
    case 101:
      return readUnstructured(cursor, header);
    case 150:
      return readHealpix(cursor);
    default:
      return undefined;
  }
}

function readRows(cursor: ByteCursor, width: number, count: number): number[] {
  if (width < 1 || width > 4 || width * count > cursor.length) {
    throw cursor.corrupt(`the lengths of ${count} rows`, `${cursor.length} octets, ${width} for each`);
  }
  cursor.seek(cursor.length - width * count);
  return Array.from({ length: count }, () => cursor.uint(width));
}

interface GeographicType {
  gaussian: boolean;
  rotated: boolean;
  stretched: boolean;
}

/** Templates 3.0 to 3.3 and 3.40 to 3.43. */
function readGeographic(cursor: ByteCursor, header: GridHeader, type: GeographicType): GridDefinition {
  readEarth(cursor);
  const ni = optionalUint(cursor, 4);
  const nj = cursor.uint32();
  const unit = readAngleUnit(cursor);
  const latitude1 = signMagnitude(cursor, 4) / unit;
  const longitude1 = signMagnitude(cursor, 4) / unit;
  const flags = cursor.uint8();
  const latitude2 = signMagnitude(cursor, 4) / unit;
  const longitude2 = signMagnitude(cursor, 4) / unit;
  const di = optionalUint(cursor, 4);
  const djOrN = optionalUint(cursor, 4);
  const scan = cursor.uint8();
  const { east, north } = directions(scan);
  const latitude: Span = {
    first: latitude1,
    last: latitude2,
    step: type.gaussian || (flags & 0x10) === 0 || djOrN === undefined ? undefined : djOrN / unit,
    ascending: north,
  };
  const longitude: Span = {
    first: longitude1,
    last: longitude2,
    step: (flags & 0x20) === 0 || di === undefined ? undefined : di / unit,
    ascending: east,
  };
  const rotation: Rotation | undefined = type.rotated
    ? {
        southPoleLatitude: signMagnitude(cursor, 4) / unit,
        southPoleLongitude: signMagnitude(cursor, 4) / unit,
        angle: cursor.float32(),
      }
    : undefined;
  const gaussian = type.gaussian ? (djOrN ?? 0) : undefined;
  const common = { latitude, longitude, gaussian, rotation, stretched: type.stretched };
  const windsAlongGrid = (flags & 0x08) !== 0;
  if (ni === undefined) {
    if (nj > longestAxis) return other(header.points, `a reduced grid of ${nj} rows`);
    return { grid: { kind: 'reduced', ...common, rows: header.rows(nj) }, scan, windsAlongGrid };
  }
  return { grid: { kind: 'regular', ...common, ni, nj }, scan, windsAlongGrid };
}

/** Divisor of angles: 10^6, unless a basic angle and its subdivisions are given (note 1 of template 3.0). */
function readAngleUnit(cursor: ByteCursor): number {
  const basic = cursor.uint32();
  const subdivisions = optionalUint(cursor, 4);
  if (basic === 0 || basic === 0xffffffff || subdivisions === undefined || subdivisions === 0) return 1e6;
  return subdivisions / basic;
}

/** Template 3.50 and, without their rotation and stretching, 3.51 to 3.53. */
function readSpectral(cursor: ByteCursor): GridDefinition {
  const [j, k, m] = [cursor.uint32(), cursor.uint32(), cursor.uint32()];
  if (Math.max(j, k, m) > 0xffff) throw cursor.corrupt('a truncation of at most 65535', `${j}, ${k}, ${m}`);
  return { grid: { kind: 'spectral', j, k, m }, scan: 0, windsAlongGrid: false };
}

/** Template 3.101. */
function readUnstructured(cursor: ByteCursor, { points }: GridHeader): GridDefinition {
  cursor.skip(1);
  const gridNumber = cursor.uint(3);
  const gridInReference = cursor.uint8();
  const hex = Buffer.from(cursor.bytes(16)).toString('hex');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const grid = { kind: 'unstructured' as const, points, gridNumber, gridInReference, uuid };
  return { grid, scan: 0, windsAlongGrid: false };
}

/** Template 3.150: points in the centres of their cells, in ring or nested order. */
function readHealpix(cursor: ByteCursor): GridDefinition | undefined {
  readEarth(cursor);
  const flags = cursor.uint8();
  const side = cursor.uint32();
  const firstLongitude = cursor.uint32();
  const position = cursor.uint8();
  const ordering = cursor.uint8();
  const scan = cursor.uint8();
  if (side < 1 || side > 2 ** 20) throw cursor.corrupt('a HEALPix side of 1 to 2^20', String(side));
  // Other positions, first longitudes and directions are allowed and nobody has met them.
  if (firstLongitude !== 45_000_000 || position !== 4 || ordering > 1 || scan !== 0) return undefined;
  const grid = { kind: 'healpix' as const, side, nested: ordering === 1 };
  return { grid, scan: 0, windsAlongGrid: (flags & 0x08) !== 0 };
}

function other(points: number, what: string): GridDefinition {
  return { grid: { kind: 'other', points, what }, scan: 0, windsAlongGrid: false };
}
