import assert from 'node:assert/strict';
import type { Attribute } from '@hyperslab/proto/array';
import { placeOnGlobe, placeOnGrid, rotatedPole } from '../../src/index.ts';

const mapping = (name: string, numbers: Record<string, number>): Attribute[] => [
  { name: 'grid_mapping_name', dtype: 'char', strings: [name], numbers: [], integers: [] },
  ...Object.entries(numbers).map(([key, value]) => ({
    name: key,
    dtype: 'float64',
    strings: [],
    numbers: [value],
    integers: [],
  })),
];
const european = { grid_north_pole_latitude: 39.25, grid_north_pole_longitude: -162 };

type Place = ReturnType<typeof placeOnGlobe>;

function assertPlace(found: Place, latitude: number, longitude: number, tolerance = 1e-9): void {
  const isNear = (one: number, other: number) => Math.abs(one - other) < tolerance;
  assert.ok(isNear(found.latitude, latitude), `latitude ${found.latitude}, not ${latitude}`);
  assert.ok(isNear(found.longitude, longitude), `longitude ${found.longitude}, not ${longitude}`);
}

describe('a rotated pole', () => {
  it('gives the places that PROJ gives', () => {
    const places: [pole: number[], grid: number[], latitude: number, longitude: number][] = [
      [[39.25, -162, 0], [-10.56, -5.77], 39.90132319965897, 10.597961582580176],
      [[39.25, -162, 0], [21.8, 18.1], 66.6931652599236, 64.80815262934337],
      [[37.5, 177.5, 0], [3.5, -8.0], 55.21826614122458, -16.594087314013912],
      [[-33, 22, 40], [12, 100], 17.273603536209393, -40.512485943069784],
      [[-33, 22, 40], [-47, -130], -9.494831704259962, -164.89629891073488],
    ];
    for (const [
      [poleLatitude, poleLongitude, northPole],
      [gridLatitude, gridLongitude],
      ...place
    ] of places) {
      const pole = rotatedPole(
        mapping('rotated_latitude_longitude', {
          grid_north_pole_latitude: poleLatitude,
          grid_north_pole_longitude: poleLongitude,
          north_pole_grid_longitude: northPole,
        }),
      )!;
      assertPlace(placeOnGlobe(pole, gridLatitude, gridLongitude), ...place);
      assertPlace(placeOnGrid(pole, ...place), gridLatitude, gridLongitude);
    }
  });

  it('gives the places that a CORDEX file states for its grid, give or take what it averaged', () => {
    const pole = rotatedPole(mapping('rotated_latitude_longitude', european))!;
    const stated = [
      [-10.56, -5.77, 39.9014778137207, 10.598002433776855],
      [-10.56, -4.23, 40.034793853759766, 12.565728187561035],
      [-9.57, -5.0, 40.95932388305664, 11.465347290039062],
      [-8.58, -4.23, 42.009117126464844, 12.366972923278809],
    ];
    for (const [gridLatitude, gridLongitude, latitude, longitude] of stated)
      assertPlace(placeOnGlobe(pole, gridLatitude, gridLongitude), latitude, longitude, 5e-4);
  });

  it('lies where it says, and has the true pole at its grid longitude', () => {
    const numbers = { ...european, north_pole_grid_longitude: 30 };
    const pole = rotatedPole(mapping('rotated_latitude_longitude', numbers))!;
    assertPlace(placeOnGlobe(pole, 90, 77), 39.25, -162);
    assert.ok(Math.abs(placeOnGlobe(pole, 39.25, 30).latitude - 90) < 1e-9);
    // East of the true pole's meridian lies what is west of the rotated pole's.
    assertPlace(placeOnGlobe(pole, 0, 120), 0, 108);
  });

  it('turns the grid only, where it is the true pole', () => {
    const pole = { latitude: 90, longitude: 180, northPoleGridLongitude: 0 };
    assertPlace(placeOnGlobe(pole, 50, 10), 50, 10);
    assertPlace(placeOnGlobe(pole, -20, 350), -20, -10);
  });

  it('is none for other mappings, and for one that does not say where', () => {
    assert.equal(rotatedPole(mapping('polar_stereographic', european)), undefined);
    assert.equal(rotatedPole(mapping('rotated_latitude_longitude', {})), undefined);
    assert.equal(rotatedPole([]), undefined);
  });
});
