import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeArray } from '@hyperslab/array';
import { type Coordinate, CoordinateRole, Dataset } from '@hyperslab/proto/cube';
import { memorySource } from '@hyperslab/storage';
import { sharedData } from '@hyperslab/testing';
import {
  aggregate,
  datasetMarkdown,
  formatTime,
  openManifest,
  parseDatasetMarkdown,
  parseTimeUnits,
} from '../src/index.ts';
import { indexFiles } from './index-file.ts';

interface ExpectedVariable {
  name: string;
  dims?: string[];
  shape: number[];
  units?: string | null;
}

interface ExpectedCube {
  name: string;
  units: string;
  dim_coords: string[];
  coord_dims: Record<string, number[]>;
  shape: number[];
  'coord:time'?: string[];
}

interface Collection {
  files: string[];
  coords?: Record<string, number[]>;
  variables?: ExpectedVariable[];
  cubes?: ExpectedCube[];
}

const folder = sharedData();
const collections: Record<string, Collection> =
  folder === undefined ? {} : JSON.parse(readFileSync(join(folder, 'COLLECTIONS.json'), 'utf8'));
const isNetcdf = ({ files = [] }: Collection) =>
  files.length > 0 && files.every((file) => /\.(nc|nc4|cdf)$/.test(file));

function inlineValues(dataset: Dataset, name: string): number[] {
  const variable = dataset.variables.find((candidate) => candidate.name === name);
  assert.ok(variable?.data?.$case === 'inlineValues', `${name} is not inline`);
  return Array.from(decodeArray(variable.data.value).values as ArrayLike<number>, Number);
}

function times(dataset: Dataset, coordinate: Coordinate): string[] {
  const units = parseTimeUnits(coordinate.units, coordinate.calendar)!;
  return inlineValues(dataset, coordinate.variable).map((value) => formatTime(value, units));
}

function checkCube(dataset: Dataset, expected: ExpectedCube): void {
  const cube = dataset.cubes.find(({ standardName, name }) => expected.name === (standardName || name))!;
  assert.ok(cube !== undefined, expected.name);
  assert.deepEqual(cube.shape, expected.shape);
  assert.equal(cube.units, expected.units);
  const byName = (name: string) =>
    cube.coordinates.find(({ standardName, variable }) => standardName === name || variable === name)!;
  for (const [name, dimensions] of Object.entries(expected.coord_dims)) {
    assert.deepEqual(
      byName(name).dimensions.map((path) => cube.dimensions.indexOf(path)),
      dimensions,
      name,
    );
  }
  for (const name of expected.dim_coords)
    assert.equal(byName(name).role, CoordinateRole.COORDINATE_ROLE_DIMENSION, name);
  const iso = expected['coord:time']?.map((text) => text.replace(' ', 'T'));
  if (iso !== undefined)
    assert.deepEqual(
      times(dataset, byName('time')).map((text) => text.replace('Z', '')),
      iso,
    );
}

describe('real collections', function () {
  this.timeout(30_000);
  before(function () {
    if (folder === undefined) {
      console.log('skipped: the shared data is not beside the repository');
      this.skip();
    }
  });

  for (const [name, collection] of Object.entries(collections).filter(([, value]) => isNetcdf(value))) {
    it(`${name} merges to what COLLECTIONS.json states`, async () => {
      const paths = collection.files.map((file) => join(folder!, file));
      const { dataset, manifest } = await aggregate(indexFiles(paths), { sources: collection.files });
      for (const expected of collection.cubes ?? []) checkCube(dataset, expected);
      for (const { name: variable, dims, shape, units } of collection.variables ?? []) {
        const found = dataset.variables.find((candidate) => candidate.name === variable);
        assert.deepEqual([variable, found?.shape, found?.dimensions], [variable, shape, dims]);
        const stated = found?.attributes.find((attribute) => attribute.name === 'units')?.strings[0];
        assert.equal(stated ?? null, units ?? null, variable);
      }
      for (const [coordinate, values] of Object.entries(collection.coords ?? {})) {
        if (typeof values[0] === 'number')
          assert.deepEqual(inlineValues(dataset, coordinate), values, coordinate);
      }
      const decoded = Dataset.decode(Dataset.encode(dataset).finish());
      assert.deepEqual(parseDatasetMarkdown(datasetMarkdown(decoded)), decoded);
      await locateAll(decoded, manifest);
    });
  }

  const single =
    folder === undefined ? [] : Object.keys(JSON.parse(readFileSync(join(folder, 'ORACLE.json'), 'utf8')));
  it('each file alone has the variables that ORACLE.json lists', async () => {
    const oracle = JSON.parse(readFileSync(join(folder!, 'ORACLE.json'), 'utf8'));
    const files = single.filter((file) =>
      /^(nc3|nc3_64bit|nc4|derived|hdf5_features)\/.*\.(nc|cdf|nc4|hdf5|he5)$/.test(file),
    );
    assert.ok(files.length > 30);
    for (const file of files) {
      const { dataset, manifest } = await aggregate(indexFiles([join(folder!, file)]));
      // What is only described, a vlen of four numbers, has for us the shape that it has in the file.
      const computable = dataset.variables.filter(({ notComputable }) => notComputable === '');
      const shapes = new Map(computable.map((variable) => [variable.name, variable.shape]));
      const described = new Set(
        dataset.variables.map(({ name }) => name).filter((name) => !shapes.has(name)),
      );
      const listed: [string, { shape?: number[] }][] = Object.entries(oracle[file].variables ?? {});
      for (const [variable, { shape }] of listed) {
        const name = variable.replace(/^\//, '');
        if (shape !== undefined && !described.has(name))
          assert.deepEqual(shapes.get(name), shape, `${file} ${variable}`);
      }
      const decoded = Dataset.decode(Dataset.encode(dataset).finish());
      assert.deepEqual(parseDatasetMarkdown(datasetMarkdown(decoded)), decoded, file);
      assert.ok(Dataset.encode(dataset).finish().length < 2 ** 21, file);
      await locateAll(decoded, manifest);
    }
  });
});

/** Every array is located whole, and its chunks lie within the object. */
async function locateAll(dataset: Dataset, bytes: Uint8Array): Promise<void> {
  const manifest = await openManifest(memorySource('manifest', bytes));
  for (const { name, shape, data } of dataset.variables) {
    if (data?.$case !== 'manifestArray') continue;
    assert.deepEqual(manifest.shapes[data.value], shape, name);
    let elements = 0;
    for await (const piece of manifest.locate(
      data.value,
      shape.map((count) => ({ start: 0, count, step: 1 })),
    )) {
      if (piece.object === undefined) elements += piece.shape.reduce((a, b) => a * b, 1);
      for (const chunk of piece.chunks) {
        elements += chunk.shape.reduce((a, b) => a * b, 1);
        const size = piece.object?.url === 'manifest:' ? bytes.length : piece.object!.version.size;
        assert.ok(chunk.length === 0 || chunk.offset + chunk.length <= size, name);
      }
    }
    assert.equal(
      elements,
      shape.reduce((a, b) => a * b, 1),
      name,
    );
  }
}
