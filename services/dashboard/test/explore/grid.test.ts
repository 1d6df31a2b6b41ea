import assert from 'node:assert/strict';
import { CoordinateRole, Cube, Dataset } from '@hyperslab/proto/cube';
import { gridOf } from '../../src/explore/grid.ts';

type Sketch = [variable: string, dimensions: string[], standardName?: string, axis?: string, units?: string];

function cubeOf(dimensions: string[], shape: number[], coordinates: Sketch[], gridMapping = ''): Cube {
  return Cube.fromPartial({
    name: 't',
    dimensions,
    shape,
    gridMapping,
    coordinates: coordinates.map(([variable, spans, standardName = '', axis = '', units = '']) => ({
      variable,
      dimensions: spans,
      standardName,
      axis,
      units,
      role:
        spans.length === 1
          ? CoordinateRole.COORDINATE_ROLE_DIMENSION
          : CoordinateRole.COORDINATE_ROLE_AUXILIARY,
    })),
  });
}

const nothing = Dataset.fromPartial({});
const grid = (cube: Cube, dataset = nothing) => {
  const found = gridOf(dataset, cube);
  return found && [found.rows, found.columns, found.place.kind];
};

describe('the grid of a cube', () => {
  it('has a latitude for each row and a longitude for each column, in any order of dimensions', () => {
    const latitude: Sketch = ['lat', ['lat'], 'latitude'];
    const longitude: Sketch = ['lon', ['lon'], '', '', 'degrees_east'];
    assert.deepEqual(grid(cubeOf(['time', 'lat', 'lon'], [4, 3, 5], [latitude, longitude])), [
      1,
      2,
      'rectilinear',
    ]);
    assert.deepEqual(grid(cubeOf(['lon', 'lat', 'time'], [5, 3, 4], [latitude, longitude])), [
      1,
      0,
      'rectilinear',
    ]);
  });

  it('has both for each cell, with what runs along X across', () => {
    const two: Sketch[] = [
      ['nav_lat', ['y', 'x'], 'latitude'],
      ['nav_lon', ['y', 'x'], 'longitude'],
    ];
    assert.deepEqual(grid(cubeOf(['t', 'y', 'x'], [2, 3, 4], two)), [1, 2, 'curvilinear']);
    const turned: Sketch[] = [
      ['x', ['x'], '', 'X'],
      ['nav_lat', ['x', 'y'], 'latitude'],
      ['nav_lon', ['x', 'y'], 'longitude'],
    ];
    assert.deepEqual(grid(cubeOf(['x', 'y'], [4, 3], turned)), [1, 0, 'curvilinear']);
  });

  it('has a moved pole when its mapping says where', () => {
    const rotated: Sketch[] = [
      ['rlat', ['rlat'], 'grid_latitude', 'Y'],
      ['rlon', ['rlon'], 'grid_longitude', 'X'],
    ];
    const dataset = Dataset.fromPartial({
      variables: [
        {
          name: 'pole',
          attributes: [
            { name: 'grid_mapping_name', dtype: 'char', strings: ['rotated_latitude_longitude'] },
            { name: 'grid_north_pole_latitude', dtype: 'float32', numbers: [39.25] },
            { name: 'grid_north_pole_longitude', dtype: 'float32', numbers: [-162] },
          ],
        },
      ],
    });
    const cube = cubeOf(['rlat', 'rlon'], [3, 4], rotated, 'pole');
    assert.deepEqual(grid(cube, dataset), [0, 1, 'rotated']);
    assert.deepEqual(grid(cube), [0, 1, 'index']);
  });

  it('is of indices where nothing tells its places, and none for lines and numbers', () => {
    assert.deepEqual(grid(cubeOf(['time', 'level', 'one'], [5, 4, 1], [])), [0, 1, 'index']);
    const stations: Sketch[] = [
      ['lat', ['station'], 'latitude'],
      ['lon', ['station'], 'longitude'],
    ];
    assert.equal(grid(cubeOf(['station'], [9], stations)), undefined);
    assert.deepEqual(grid(cubeOf(['time', 'station'], [5, 9], stations)), [0, 1, 'index']);
    assert.equal(grid(cubeOf([], [], [])), undefined);
  });
});
