import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import type { Cube, Dataset } from '@hyperslab/proto/cube';
import { findCube } from '../src/dataset.ts';

const cube = (name: string, standardName = ''): Cube => ({
  name,
  standardName,
  longName: '',
  units: '',
  dtype: 'float32',
  dimensions: [],
  shape: [],
  coordinates: [],
  cellMethods: '',
  gridMapping: '',
  attributes: [],
  pieces: 1,
});
const dataset: Dataset = {
  name: 'run',
  version: 2,
  publisher: '',
  title: '',
  attributes: [],
  variables: [],
  cubes: [cube('t', 'air_temperature'), cube('t2', 'air_temperature'), cube('u', 'x_wind'), cube('x_wind')],
};

describe('finding a parameter', () => {
  it('takes a name before a standard name', () => {
    assert.equal(findCube(dataset, 'x_wind').name, 'x_wind');
    assert.equal(findCube({ ...dataset, cubes: dataset.cubes.slice(0, 3) }, 'x_wind').name, 'u');
  });

  it('lists the candidates of an ambiguous standard name', () => {
    assert.throws(
      () => findCube(dataset, 'air_temperature'),
      (error) => isHyperslabError(error, 'INVALID_ARGUMENT') && error.message.includes('t, t2'),
    );
  });

  it('lists what there is when it is not there', () => {
    assert.throws(
      () => findCube(dataset, 'nope'),
      (error) => isHyperslabError(error, 'VARIABLE_NOT_FOUND') && error.message.includes('t, t2, u, x_wind'),
    );
  });
});
