import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeArray } from '@hyperslab/array';
import { CoordinateRole, type Dataset } from '@hyperslab/proto/cube';
import { repository } from '@hyperslab/testing';
import { aggregate } from '../src/index.ts';
import { indexFiles } from './index-file.ts';
import { readWhole } from './read-whole.ts';

interface Expected {
  tool: string;
  files: string[];
  dimensions: string[];
  shape: number[];
  coordinates: Record<string, number[]>;
  auxiliary: Record<string, [number[], number[]]>;
  values: number[];
}

const folder = join(repository, 'fixtures/merge');
const expected: Record<string, Expected> = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

function inlineValues(dataset: Dataset, name: string): number[] {
  const variable = dataset.variables.find((candidate) => candidate.name === name)!;
  assert.ok(variable.data?.$case === 'inlineValues', `${name} is not inline`);
  return Array.from(decodeArray(variable.data.value).values as ArrayLike<number>);
}

describe('runs of random layout', () => {
  for (const [run, { tool, files, dimensions, shape, coordinates, auxiliary, values }] of Object.entries(
    expected,
  )) {
    it(`${run}: ${files.length} files become what ${tool} makes of them`, async () => {
      const paths = files.map((file) => join(folder, run, file));
      const { dataset, manifest } = await aggregate(indexFiles(paths));
      assert.equal(dataset.cubes.length, 1);
      const [cube] = dataset.cubes;
      assert.deepEqual([cube.dimensions, cube.shape], [dimensions, shape]);
      for (const [name, points] of Object.entries(coordinates)) {
        assert.deepEqual(inlineValues(dataset, name), points, name);
        const { role } = cube.coordinates.find(({ variable }) => variable === name)!;
        assert.equal(role, CoordinateRole.COORDINATE_ROLE_DIMENSION, name);
      }
      for (const [name, [spanned, points]] of Object.entries(auxiliary)) {
        assert.deepEqual(inlineValues(dataset, name), points, name);
        const found = cube.coordinates.find(({ variable }) => variable === name)!;
        assert.deepEqual(
          found.dimensions.map((dimension) => dimensions.indexOf(dimension)),
          spanned,
          name,
        );
      }
      assert.deepEqual(await readWhole(dataset, manifest, 't'), values);
    });
  }
});
