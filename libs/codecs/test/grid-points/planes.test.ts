import assert from 'node:assert/strict';
import { planeOf } from '../../src/grid-points/plane.ts';
import type { Earth, Projection, TransverseMercator } from '../../src/grid-points/projection.ts';

const sphere: Earth = { major: 6371229, minor: 6371229 };
const wgs84: Earth = { major: 6378137, minor: 6356752.3142 };
const airy: Earth = { major: 6377563.396, minor: 6356256.909 };

const mercator = (
  latitudeOfOrigin: number,
  centralLongitude: number,
  scale: number,
  falseEasting: number,
  falseNorthing: number,
): TransverseMercator => ({
  ...{ type: 'transverse_mercator', latitudeOfOrigin, centralLongitude, scale, falseEasting, falseNorthing },
});
const britain = mercator(49, -2, 0.9996012717, 400_000, -100_000);
const zone = mercator(0, 9, 0.9996, 500_000, 0);
const turned = mercator(10, 100, 1, 0, 0);

/** Places and points of planes, as PROJ 9 projects them. */
const points: [
  projection: Projection | TransverseMercator,
  earth: Earth,
  latitude: number,
  longitude: number,
  x: number,
  y: number,
][] = [
  [
    { type: 'lambert_conformal', parallels: [33, 45], centralLongitude: 263, latitudeOfOrigin: 39 },
    sphere,
    50,
    240,
    -1649150.9578,
    1433982.3579,
  ],
  [
    { type: 'lambert_conformal', parallels: [33, 45], centralLongitude: 263, latitudeOfOrigin: 39 },
    wgs84,
    50,
    240,
    -1654116.9285,
    1433776.4303,
  ],
  [
    { type: 'lambert_conformal', parallels: [-25, -25], centralLongitude: 140, latitudeOfOrigin: -25 },
    sphere,
    -40,
    150,
    882493.2503,
    -1720592.4777,
  ],
  [
    { type: 'lambert_conformal', parallels: [-25, -25], centralLongitude: 140, latitudeOfOrigin: -25 },
    wgs84,
    -40,
    150,
    884530.581,
    -1716020.4831,
  ],
  [
    { type: 'albers', parallels: [29.5, 45.5], centralLongitude: -96, latitudeOfOrigin: 23 },
    sphere,
    35,
    -75,
    1881245.5738,
    1539782.3731,
  ],
  [
    { type: 'albers', parallels: [29.5, 45.5], centralLongitude: -96, latitudeOfOrigin: 23 },
    wgs84,
    35,
    -75,
    1885428.3905,
    1535969.2858,
  ],
  [
    { type: 'polar_stereographic', south: false, trueLatitude: 60, centralLongitude: 249 },
    sphere,
    27,
    -135,
    -2963284.7235,
    -6655646.4606,
  ],
  [
    { type: 'polar_stereographic', south: false, trueLatitude: 60, centralLongitude: 249 },
    wgs84,
    27,
    -135,
    -2965756.3221,
    -6661197.7618,
  ],
  [
    { type: 'polar_stereographic', south: true, trueLatitude: -90, centralLongitude: 0 },
    sphere,
    -55,
    120,
    3479414.308,
    -2008840.7874,
  ],
  [
    { type: 'polar_stereographic', south: true, trueLatitude: -90, centralLongitude: 0 },
    wgs84,
    -55,
    120,
    3490652.3998,
    -2015329.1027,
  ],
  [{ type: 'mercator', trueLatitude: 20, centralLongitude: 0 }, sphere, 17, -65, -6792032.5073, 1803030.1822],
  [{ type: 'mercator', trueLatitude: 20, centralLongitude: 0 }, wgs84, 17, -65, -6802060.6101, 1793954.6941],
  [
    { type: 'lambert_azimuthal', latitudeOfOrigin: 54.9, centralLongitude: -2.5 },
    sphere,
    45,
    -20,
    -1366284.4104,
    -932699.4491,
  ],
  [
    { type: 'lambert_azimuthal', latitudeOfOrigin: 54.9, centralLongitude: -2.5 },
    wgs84,
    45,
    -20,
    -1369843.1172,
    -933049.8005,
  ],
  [britain, airy, 51.5, -0.1, 531866.1304, 179660.9048],
  [britain, airy, 60, -7, 121315.9855, 1134387.9923],
  [zone, wgs84, -33.2, 18.4, 1377701.9801, -3713098.6097],
  [zone, wgs84, 80, 30, 898561.6484, 8954381.3015],
  [turned, sphere, 20, 110, 1049008.576, 1143520.7406],
  [turned, sphere, -40, 60, -3435549.3398, -6405715.6161],
];

describe('grid points: planes', () => {
  for (const [projection, earth, latitude, longitude, x, y] of points) {
    const figure = earth === sphere ? 'a sphere' : 'an ellipsoid';
    it(`of ${projection.type} on ${figure} are PROJ's`, () => {
      const plane = planeOf(projection, earth);
      const [foundX, foundY] = plane.forward(latitude, longitude);
      assert.ok(Math.abs(foundX - x) < 1e-3 && Math.abs(foundY - y) < 1e-3, `${foundX}, ${foundY}`);
      const [foundLatitude, foundLongitude] = plane.inverse(x, y);
      const turn = ((foundLongitude - longitude + 540) % 360) - 180;
      assert.ok(Math.abs(foundLatitude - latitude) < 1e-8 && Math.abs(turn) < 1e-8);
    });
  }
});
