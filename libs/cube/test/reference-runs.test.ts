import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allocateValues, copyRegion, decodeArray, elementCount } from '@hyperslab/array';
import { decodeChunk } from '@hyperslab/codecs';
import { CoordinateRole, type Dataset } from '@hyperslab/proto/cube';
import { memorySource } from '@hyperslab/storage';
import { repository } from '@hyperslab/testing';
import { aggregate, openManifest } from '../src/index.ts';
import { indexFiles } from './index-file.ts';

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

/** Values of a variable through the manifest: what a reader does, without its haste. */
async function readWhole(dataset: Dataset, manifestBytes: Uint8Array, name: string): Promise<number[]> {
  const variable = dataset.variables.find((candidate) => candidate.name === name)!;
  assert.ok(variable.data?.$case === 'manifestArray');
  const { shape } = variable;
  const values = allocateValues(variable.dtype, elementCount(shape));
  const manifest = await openManifest(memorySource('m', manifestBytes));
  for await (const { object, chunks, layout } of manifest.locate(
    variable.data.value,
    shape.map((count) => ({ start: 0, count, step: 1 })),
  )) {
    const file = readFileSync(object!.url);
    for (const { origin, shape: box, offset, length, skippedCodecs } of chunks) {
      const arrayShape = layout.edgeChunksPadded ? layout.chunkShape : box;
      const stored = file.subarray(offset, offset + length);
      const decoded = decodeChunk(stored, layout, elementCount(arrayShape), skippedCodecs);
      const first = origin.map(() => 0);
      copyRegion(decoded, { arrayShape, origin: first }, values, { arrayShape: shape, origin }, box);
    }
  }
  return Array.from(values, Number);
}

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
