import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { FileIndex } from '@hyperslab/proto/index';
import { memorySource } from '@hyperslab/storage';
import { hasPython, runPython } from '@hyperslab/testing';
import { indexFile } from '../../src/index.ts';
import { attributeOf, fieldsOf } from './indexed-fields.ts';
import { placesOf } from './places.ts';

/** A message of write-large-grids.py, and what ecCodes reads of it. */
interface Written {
  message: string;
  count: number;
  latitudes: [smallest: number, largest: number];
  /** Number of a point, latitude, longitude. */
  places: [number, number, number][];
}

const script = join(import.meta.dirname, 'write-large-grids.py');

const indexOf = (message: string, url: string): Promise<FileIndex> =>
  indexFile(memorySource(url, Buffer.from(message, 'base64')));

describe('grib: grids of many points', function () {
  this.timeout(120_000);
  it('have places that are computed, where ecCodes has them', async function () {
    if (!hasPython('eccodes', 'numpy')) {
      console.log('skipped: the Python of tools/setup.mjs --tests has no eccodes');
      this.skip();
    }
    const written = runPython<Written>(script, 1);
    assert.equal(written.length, 6);
    for (const { message, count, latitudes, places } of written) {
      const index = await indexOf(message, 'large.grib');
      assert.deepEqual(index.notes, []);
      const [field] = fieldsOf(index);
      const what = field.grid.name;
      assert.equal(attributeOf(field.set.variable!, 'coordinates'), 'latitude longitude', what);
      const variables = ['latitude', 'longitude'].map(
        (name) => field.grid.variables.find((each) => each.name === name)!,
      );
      assert.ok(variables.every(({ inlineValues }) => inlineValues === undefined));
      const held = index.others!.held.length;
      assert.ok(held < count / 8, `${what}: ${held} bytes describe ${count} points`);
      const found = await placesOf(index, field);
      assert.equal(found![0].length, count);
      for (const [point, latitude, longitude] of places) {
        const turn = Math.abs(((found![1][point] - longitude + 540) % 360) - 180);
        const error = Math.max(
          Math.abs(found![0][point] - latitude),
          turn * Math.cos((latitude * Math.PI) / 180),
        );
        // Edition 2 rounds the ends of a grid to millionths, and ecCodes steps by rounded distances.
        assert.ok(error < 5e-4, `${what}, point ${point}: ${found![0][point]}, ${found![1][point]}`);
      }
      const [{ minimum, maximum }] = variables;
      assert.ok(Math.abs(minimum! - latitudes[0]) < 5e-4 && Math.abs(maximum! - latitudes[1]) < 5e-4, what);
      await equalInAnotherFile(message, index);
    }
  });
});

/** Files of one grid tell a merge so, without a look at its places. */
async function equalInAnotherFile(message: string, index: FileIndex): Promise<void> {
  const other = await indexOf(message, 'other.grib');
  const hashes = ({ root }: FileIndex) =>
    root!.groups[0].variables.map(({ contentSha256 }) => contentSha256).filter((hash) => hash !== '');
  assert.deepEqual(hashes(other), hashes(index));
  assert.equal(new Set(hashes(index)).size, 2);
}
