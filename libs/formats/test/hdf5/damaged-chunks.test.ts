import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { elementCount } from '@hyperslab/array';
import * as codecs from '@hyperslab/codecs';
import { isHyperslabError } from '@hyperslab/errors';
import type { Layout } from '@hyperslab/proto/array';
import { memorySource } from '@hyperslab/storage';
import { describeBothWays, repository, withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { indexFile } from '../../src/index.ts';

const { decodeChunk } = codecs;

interface StoredChunk {
  name: string;
  layout: Layout;
  bytes: Uint8Array;
}

const file = new Uint8Array(readFileSync(join(repository, 'fixtures/hdf5/filters.h5')));
const { root } = await indexFile(memorySource('filters.h5', file));
const chunks = root!.variables.flatMap(({ name, layout, chunks: table }) =>
  table!.offsets.map((offset, row): StoredChunk => {
    return { name, layout: layout!, bytes: file.subarray(offset, offset + table!.lengths[row]) };
  }),
);

const limits = { ms: 5000 };

/** As many values as were asked for, or an error that says that the chunk is damaged: never a defect of ours. */
function decodesOrRefuses({ name, layout }: StoredChunk, bytes: Uint8Array, count: number): void {
  try {
    const values = withinLimits(() => decodeChunk(bytes, layout, count, 0), limits);
    assert.equal(values.length, count);
  } catch (error) {
    const reasons = ['FORMAT_CORRUPT', 'CHECKSUM_MISMATCH', 'FORMAT_UNSUPPORTED'] as const;
    assert.ok(
      isHyperslabError(error) && reasons.some((reason) => error.reason === reason),
      `${name}: ${error}`,
    );
  }
}

const chunk = fc.constantFrom(...chunks);
// Half of the damage goes to the front, where lengths are.
const place = (bytes: Uint8Array) =>
  fc.oneof(fc.nat(Math.min(bytes.length, 24) - 1), fc.nat(bytes.length - 1));

describeBothWays(
  'hdf5: damaged chunks of every filter',
  codecs,
  ['libdeflate', 'liblz4', 'libzstd', 'libaec'],
  () => {
    it('are whole to begin with', () => {
      assert.equal(chunks.length, 2 * root!.variables.length);
      for (const { layout, bytes } of chunks) decodeChunk(bytes, layout, elementCount(layout.chunkShape), 0);
    });

    it('with some bits flipped', () => {
      const flips = (bytes: Uint8Array) =>
        fc.array(fc.tuple(place(bytes), fc.nat(7)), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(
          chunk.chain((stored) => fc.tuple(fc.constant(stored), flips(stored.bytes))),
          ([stored, bits]) => {
            const damaged = stored.bytes.slice();
            for (const [at, bit] of bits) damaged[at] ^= 1 << bit;
            decodesOrRefuses(stored, damaged, 400);
          },
        ),
        { numRuns: 2000 },
      );
    });

    it('cut off, or with more behind', () => {
      fc.assert(
        fc.property(chunk, fc.nat(), fc.uint8Array({ maxLength: 20 }), (stored, end, more) => {
          const cut = stored.bytes.subarray(0, end % (stored.bytes.length + 1));
          decodesOrRefuses(stored, Buffer.concat([cut, more]), 400);
        }),
        { numRuns: 1000 },
      );
    });

    it('with a hostile number anywhere, of any claimed size', () => {
      const numbers = fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff);
      fc.assert(
        fc.property(
          chunk,
          fc.nat(),
          numbers,
          fc.boolean(),
          fc.nat(2 ** 20),
          (stored, at, value, little, count) => {
            const damaged = stored.bytes.slice();
            const view = new DataView(damaged.buffer);
            view.setUint32(at % Math.min(32, damaged.length - 3), value, little);
            decodesOrRefuses(stored, damaged, count);
          },
        ),
        { numRuns: 1000 },
      );
    });
  },
);
