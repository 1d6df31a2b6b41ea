import assert from 'node:assert/strict';
import { healpixPoints } from '../../src/grid-points/healpix-points.ts';

/** Places of pixels of a side of 8, as ecCodes has them. */
const places: [order: 'ring' | 'nested', pixel: number, latitude: number, longitude: number][] = [
  ['ring', 0, 84.149732936, 45.0],
  ['ring', 3, 84.149732936, 315.0],
  ['ring', 60, 54.340912304, 7.5],
  ['ring', 111, 48.141207794, 353.571428571],
  ['ring', 112, 41.810314896, 5.625],
  ['ring', 300, 14.477512186, 315.0],
  ['ring', 383, 0.0, 174.375],
  ['ring', 500, -19.471220634, 50.625],
  ['ring', 767, -84.149732936, 315.0],
  ['nested', 0, 4.780191847, 45.0],
  ['nested', 3, 14.477512186, 45.0],
  ['nested', 60, 72.38756093, 45.0],
  ['nested', 111, 60.434438845, 99.0],
  ['nested', 112, 48.141207794, 135.0],
  ['nested', 300, 4.780191847, 337.5],
  ['nested', 383, 35.685334713, 90.0],
  ['nested', 500, 14.477512186, 281.25],
  ['nested', 767, -4.780191847, 315.0],
];

describe('grid points: HEALPix', () => {
  for (const order of ['ring', 'nested'] as const) {
    it(`in ${order} order has its pixels where ecCodes has them`, () => {
      const { latitudes, longitudes } = healpixPoints(8, order === 'nested');
      for (const [, pixel, latitude, longitude] of places.filter(([of]) => of === order)) {
        assert.ok(Math.abs(latitudes[pixel] - latitude) < 1e-6, `pixel ${pixel}: ${latitudes[pixel]}`);
        assert.ok(Math.abs(longitudes[pixel] - longitude) < 1e-6, `pixel ${pixel}: ${longitudes[pixel]}`);
      }
    });
  }

  it('in both orders has the same pixels', () => {
    for (const side of [1, 2, 4, 16]) {
      const [ring, nested] = [false, true].map((isNested) => {
        const { latitudes, longitudes } = healpixPoints(side, isNested);
        return Array.from(
          latitudes,
          (latitude, i) => `${latitude.toFixed(6)} ${longitudes[i].toFixed(6)}`,
        ).sort();
      });
      assert.deepEqual(nested, ring);
      assert.equal(new Set(ring).size, 12 * side * side);
    }
  });
});
