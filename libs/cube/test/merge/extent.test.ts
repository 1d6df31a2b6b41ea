import assert from 'node:assert/strict';
import { type Coordinate, CoordinateRole } from '@hyperslab/proto/cube';
import { extentOf, rangeOfValues } from '../../src/merge/extent.ts';

function coordinate(variable: string, units: string): Coordinate {
  const role = CoordinateRole.COORDINATE_ROLE_DIMENSION;
  return {
    variable,
    role,
    dimensions: [variable],
    standardName: '',
    units,
    calendar: 'standard',
    bounds: '',
    axis: '',
  };
}

function box(longitudes: number[]): [west?: number, east?: number] {
  const coordinates = [coordinate('lat', 'degrees_north'), coordinate('lon', 'degrees_east')];
  const values: Record<string, number[]> = { lat: [10, -20], lon: longitudes };
  const extent = extentOf(coordinates, ({ variable }) => {
    const numbers = Float64Array.from(values[variable]);
    return rangeOfValues({ dtype: 'float64', shape: [numbers.length], values: numbers });
  });
  assert.deepEqual([extent?.south, extent?.north], [-20, 10]);
  return [extent?.west, extent?.east];
}

describe('the extent of a cube', () => {
  it('is the shortest way around its longitudes', () => {
    assert.deepEqual(box([5, 10, 20]), [5, 20]);
    assert.deepEqual(box([350, 355, 0, 5]), [-10, 5]);
    assert.deepEqual(box([170, 180, 190]), [170, -170]);
    assert.deepEqual(box([200, 210, 220]), [-160, -140]);
    assert.deepEqual(box([7]), [7, 7]);
  });

  it('is the whole globe where no meridian is far', () => {
    assert.deepEqual(box(Array.from({ length: 36 }, (_, i) => i * 10)), [-180, 180]);
    assert.deepEqual(box([-180, 0, 180]), [-180, 180]);
  });

  it('has the times of the calendar as they are', () => {
    const time = { ...coordinate('time', 'days since 2000-02-28'), calendar: '360_day', axis: 'T' };
    const extent = extentOf([time], () => ({ minimum: 0, maximum: 2 }));
    assert.deepEqual([extent?.timeStart, extent?.timeEnd], ['2000-02-28T00:00:00', '2000-02-30T00:00:00']);
  });

  it('is unknown without coordinates', () => {
    assert.equal(
      extentOf([], () => undefined),
      undefined,
    );
  });
});
