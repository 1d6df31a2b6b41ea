import assert from 'node:assert/strict';
import { isHyperslabError, type Reason } from '@hyperslab/errors';
import { parseConstraint } from '../../src/constraint/parse-constraint.ts';
import { project } from '../../src/constraint/project.ts';
import { ddsText } from '../../src/dap2/dds.ts';
import { declareDataset } from '../../src/model/declare.ts';
import { smallDataset } from '../small-dataset.ts';
import { standInUpstream } from '../stand-in-upstream.ts';

const dataset = declareDataset(
  await standInUpstream(smallDataset()).dataset('test/set', new AbortController().signal),
);

function dds(constraint: string): string {
  const lines = ddsText('x', project(dataset, parseConstraint(constraint))).split('\n');
  return lines
    .slice(1, -2)
    .map((line) => line.trim())
    .join(' ');
}

describe('a projection', () => {
  const answers: [string, string][] = [
    ['crs', 'Int32 crs;'],
    ['time[1:2]', 'Float64 time[time = 2];'],
    [
      't[0:2:2][1]',
      'Grid { Array: Float32 t[time = 2][lat = 1]; Maps: Float64 time[time = 2]; Float32 lat[lat = 1]; } t;',
    ],
    ['t.t[0][0:3]', 'Structure { Float32 t[time = 1][lat = 4]; } t;'],
    ['t.lat[0:1],t.time', 'Structure { Float64 time[time = 3]; Float32 lat[lat = 2]; } t;'],
    [
      't.t[0:1][2:3],t.time[0:1],t.lat[2:3]',
      'Grid { Array: Float32 t[time = 2][lat = 2]; Maps: Float64 time[time = 2]; Float32 lat[lat = 2]; } t;',
    ],
    // The order is that of the dataset.
    ['crs,lat,time', 'Float64 time[time = 3]; Float32 lat[lat = 4]; Int32 crs;'],
    ['group%252Fx%252Ey%2520z', 'UInt16 group%2Fx%2Ey%20z[odd = 3];'],
    ['group%2Fx%2Ey%20z[0]', 'UInt16 group%2Fx%2Ey%20z[odd = 1];'],
    ['name[1:2]', 'String name[lat = 2];'],
    ['flag', 'String flag[odd = 3];'],
  ];
  for (const [constraint, expected] of answers)
    it(`${constraint} is answered in its shape`, () => assert.equal(dds(constraint), expected));

  const refused: [string, RegExp, Reason][] = [
    ['nope', /no variable "nope"/, 'VARIABLE_NOT_FOUND'],
    ['t.nope', /no variable "t.nope"/, 'VARIABLE_NOT_FOUND'],
    ['crs.crs', /no variable/, 'VARIABLE_NOT_FOUND'],
    ['compound', /no variable/, 'VARIABLE_NOT_FOUND'],
    ['empty', /no variable/, 'VARIABLE_NOT_FOUND'],
    ['t[0]', /2 dimensions, found 1/, 'INVALID_ARGUMENT'],
    ['crs[0]', /0 dimensions, found 1/, 'INVALID_ARGUMENT'],
    ['t[0:3][0]', /"time" has indices 0 to 2/, 'INVALID_ARGUMENT'],
    ['t[2:1][0]', /first to last/, 'INVALID_ARGUMENT'],
    ['t[0:0:2][0]', /0 to 2/, 'INVALID_ARGUMENT'],
    ['time[0],time[1]', /twice/, 'INVALID_ARGUMENT'],
  ];
  for (const [constraint, pattern, reason] of refused)
    it(`${constraint} is refused`, () => {
      assert.throws(
        () => dds(constraint),
        (error) => isHyperslabError(error, reason) && pattern.test(error.message),
      );
    });
});
