import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHyperslabError } from '@hyperslab/errors';
import { memorySource } from '@hyperslab/storage';
import { repository, withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { hdf5Reader } from '../../src/hdf5/reader.ts';
import { indexFile } from '../../src/index.ts';

const names = [
  'types.earliest.h5',
  'types.latest.h5',
  'chunk_indexes.h5',
  'links.h5',
  'groups.nc',
  'compact.userblock.h5',
  'many_links.latest.h5',
  'random_1.earliest.h5',
  'random_5.latest.h5',
  'virtual.h5',
];
const files = names.map((name) => new Uint8Array(readFileSync(join(repository, 'fixtures/hdf5', name))));

async function index(bytes: Uint8Array) {
  const version = { size: bytes.length, etag: '', modifiedUs: 0 };
  const source = memorySource('mem:damaged', bytes);
  return hdf5Reader.index({ source, version, head: bytes.slice(0, 65536) });
}

const limits = { ms: 5000 };

/** An index, or an error that says what is wrong: never a defect of ours, never without end. */
async function indexesOrRefuses(bytes: Uint8Array): Promise<void> {
  try {
    await withinLimits(() => index(bytes), limits);
  } catch (error) {
    if (!isHyperslabError(error)) throw error;
    assert.notEqual(error.reason, 'INTERNAL', error.message);
    assert.match(error.message, /mem:damaged/);
  }
}

const file = fc.constantFrom(...files);
// Half of the damage goes to the front, where most structures are.
const place = (bytes: Uint8Array) =>
  fc.oneof(fc.nat(Math.min(bytes.length, 4096) - 9), fc.nat(bytes.length - 9));

describe('hdf5: damaged files', function () {
  this.timeout(120_000);

  it('with some bits flipped', () =>
    fc.assert(
      fc.asyncProperty(
        file.chain((bytes) =>
          fc.array(fc.tuple(place(bytes), fc.nat(7)), { minLength: 1, maxLength: 8 }).map((flips) => {
            const damaged = bytes.slice();
            for (const [at, bit] of flips) damaged[at] ^= 1 << bit;
            return damaged;
          }),
        ),
        indexesOrRefuses,
      ),
      { numRuns: 400 },
    ));

  it('with a hostile size or address anywhere', () =>
    fc.assert(
      fc.asyncProperty(
        file.chain((bytes) =>
          fc
            .tuple(place(bytes), fc.constantFrom(0n, 1n << 31n, 1n << 40n, 1n << 53n, (1n << 64n) - 1n, 96n))
            .map(([at, value]) => {
              const damaged = bytes.slice();
              new DataView(damaged.buffer).setBigUint64(at & ~7, value, true);
              return damaged;
            }),
        ),
        indexesOrRefuses,
      ),
      { numRuns: 400 },
    ));

  it('with bytes of one structure over another', () =>
    fc.assert(
      fc.asyncProperty(
        file.chain((bytes) =>
          fc
            .tuple(place(bytes), place(bytes), fc.nat(64))
            .map(([from, to, length]) => bytes.slice().copyWithin(to, from, from + length)),
        ),
        indexesOrRefuses,
      ),
      { numRuns: 400 },
    ));

  it('cut off anywhere: refused as truncated', () =>
    fc.assert(
      fc.asyncProperty(
        file.chain((bytes) =>
          fc.integer({ min: 1100, max: bytes.length - 1 }).map((end) => bytes.slice(0, end)),
        ),
        async (bytes) => {
          await assert.rejects(index(bytes), (error) => {
            assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'));
            assert.match(error.message, /truncated|the end of the object/);
            assert.equal(error.details.url, 'mem:damaged');
            assert.ok(Number(error.details.offset) <= bytes.length);
            return true;
          });
        },
      ),
      { numRuns: 200 },
    ));

  it('of which nothing is HDF5', async () => {
    await assert.rejects(index(new Uint8Array(5000)), (error) => {
      assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'));
      assert.match(error.message, /expected the HDF5 signature/);
      return true;
    });
    const source = memorySource('mem:text', new TextEncoder().encode('no data at all'));
    await assert.rejects(indexFile(source), (error) => isHyperslabError(error, 'FORMAT_UNKNOWN'));
  });

  it('with a group that is its own child', async () => {
    const { root, notes } = await index(files[names.indexOf('links.h5')]);
    assert.deepEqual(
      root?.groups.map(({ name, groups }) => [name, groups]),
      [['group', []]],
    );
    assert.ok(notes.some((note) => note.startsWith('/group/back was left out')));
  });
});
