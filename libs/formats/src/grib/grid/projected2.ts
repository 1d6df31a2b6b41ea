import type { Projection } from '@hyperslab/codecs';
import type { ByteCursor } from '../../byte-cursor.ts';
import { signMagnitude } from '../grib-numbers.ts';
import { readEarth } from './earth.ts';
import type { GridDefinition } from './grid.ts';
import { directions } from './scan-directions.ts';

/** Templates 3.10 (Mercator), 3.20 (polar stereographic), 3.30 and 3.31 (Lambert conformal, Albers), 3.140 (Lambert azimuthal). */
export function readProjected2(cursor: ByteCursor, template: number): GridDefinition | undefined {
  const earth = readEarth(cursor);
  const [ni, nj] = [cursor.uint32(), cursor.uint32()];
  const [latitude, longitude] = [microdegrees(cursor), microdegrees(cursor)];
  const read = template === 10 ? readMercator : template === 140 ? readAzimuthal : readConic;
  const { projection, flags, scan, dx, dy, last } = read(cursor, template);
  const { east, north } = directions(scan);
  const grid = {
    kind: 'projected' as const,
    projection,
    earth,
    ni,
    nj,
    latitude,
    longitude,
    last,
    dx: east ? dx : -dx,
    dy: north ? dy : -dy,
  };
  return { grid, scan, windsAlongGrid: (flags & 0x08) !== 0 };
}

interface Plane {
  projection: Projection;
  flags: number;
  scan: number;
  /** Distances between points, metres. */
  dx: number;
  dy: number;
  /** Last point, where it is stated. */
  last?: { latitude: number; longitude: number };
}

/** Octets 47 to 72 of template 3.10. */
function readMercator(cursor: ByteCursor): Plane {
  const flags = cursor.uint8();
  const trueLatitude = Math.abs(microdegrees(cursor));
  const last = { latitude: microdegrees(cursor), longitude: microdegrees(cursor) };
  const scan = cursor.uint8();
  // The angle to the equator: some write a longitude. The last point shows a grid that is really turned.
  cursor.skip(4);
  const [dx, dy] = [millimetres(cursor), millimetres(cursor)];
  return { projection: { type: 'mercator', trueLatitude, centralLongitude: 0 }, flags, scan, dx, dy, last };
}

/** Octets 47 to 81 of templates 3.20, 3.30 and 3.31. */
function readConic(cursor: ByteCursor, template: number): Plane {
  const flags = cursor.uint8();
  const latitudeOfOrigin = microdegrees(cursor);
  const centralLongitude = microdegrees(cursor);
  const [dx, dy] = [millimetres(cursor), millimetres(cursor)];
  const south = (cursor.uint8() & 0x80) !== 0;
  const scan = cursor.uint8();
  if (template === 20) {
    // A pole as the true latitude is meant with either sign.
    const trueLatitude = south ? -Math.abs(latitudeOfOrigin) : Math.abs(latitudeOfOrigin);
    const projection: Projection = { type: 'polar_stereographic', south, trueLatitude, centralLongitude };
    return { projection, flags, scan, dx, dy };
  }
  const parallels: [number, number] = [microdegrees(cursor), microdegrees(cursor)];
  const type = template === 30 ? ('lambert_conformal' as const) : ('albers' as const);
  return { projection: { type, parallels, centralLongitude, latitudeOfOrigin }, flags, scan, dx, dy };
}

/** Octets 47 to 64 of template 3.140. */
function readAzimuthal(cursor: ByteCursor): Plane {
  const latitudeOfOrigin = microdegrees(cursor);
  const centralLongitude = microdegrees(cursor);
  const flags = cursor.uint8();
  const [dx, dy] = [millimetres(cursor), millimetres(cursor)];
  const scan = cursor.uint8();
  return {
    projection: { type: 'lambert_azimuthal', latitudeOfOrigin, centralLongitude },
    flags,
    scan,
    dx,
    dy,
  };
}

/** Template 3.12: coordinates on the plane are stated, in centimetres. */
export function readTransverseMercator(cursor: ByteCursor): GridDefinition {
  const earth = readEarth(cursor);
  const [ni, nj] = [cursor.uint32(), cursor.uint32()];
  const [latitudeOfOrigin, centralLongitude] = [microdegrees(cursor), microdegrees(cursor)];
  const flags = cursor.uint8();
  const scale = cursor.float32();
  const [falseEasting, falseNorthing] = [centimetres(cursor), centimetres(cursor)];
  const scan = cursor.uint8();
  const [dx, dy] = [cursor.uint32() / 100, cursor.uint32() / 100];
  const [x, y] = [centimetres(cursor), centimetres(cursor)];
  const { east, north } = directions(scan);
  const grid = {
    kind: 'transverse_mercator' as const,
    earth,
    ni,
    nj,
    x,
    y,
    dx: east ? dx : -dx,
    dy: north ? dy : -dy,
    latitudeOfOrigin,
    centralLongitude,
    falseEasting,
    falseNorthing,
    // Written as a float: 0.9996012717 is meant as the nearest number of eight digits.
    scale: Number(scale.toPrecision(8)),
  };
  return { grid, scan, windsAlongGrid: (flags & 0x08) !== 0 };
}

function microdegrees(cursor: ByteCursor): number {
  return signMagnitude(cursor, 4) / 1e6;
}

function millimetres(cursor: ByteCursor): number {
  return cursor.uint32() / 1000;
}

function centimetres(cursor: ByteCursor): number {
  return signMagnitude(cursor, 4) / 100;
}
