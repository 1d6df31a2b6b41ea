import assert from 'node:assert/strict';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { regularRuns } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import type { Packing } from '@hyperslab/proto/array';
import { ManifestRoot } from '@hyperslab/proto/manifest';
import { memorySource } from '@hyperslab/storage';
import fc from 'fast-check';
import { ManifestBuilder, MemorySink, openManifest } from '../../src/index.ts';

const packing: Packing = {
  missingValues: [-1],
  missingIntegers: [],
  unpackedDtype: 'int16',
  readUnsigned: false,
};

function sample(): Uint8Array {
  const sink = new MemorySink();
  const builder = new ManifestBuilder(sink);
  const { object, offset } = builder.embed(new Uint8Array(64).fill(7));
  const codecs = [{ name: 'bytes', configuration: '' }];
  const layout = { storedDtype: 'int16', chunkShape: [2, 3], codecs, edgeChunksPadded: true };
  const last = builder.addObject('file:///last', { size: 1, etag: 'e', modifiedUs: 2 });
  const pieces = Array.from({ length: 6 }, (_, row) => ({
    object: row === 5 ? last : object,
    layout,
    packing,
    offsets: [offset],
    lengths: [12],
    skippedCodecs: [],
    name: `${row}`,
  }));
  builder.addArray({ shape: [4, 9], pieceGrid: [regularRuns(4, 2), regularRuns(9, 3)], pieces });
  builder.finish();
  return sink.bytes();
}

/** The sample with its root changed, whole in all else. */
function withRoot(change: (root: ManifestRoot) => void): Uint8Array {
  const bytes = Buffer.from(sample());
  const length = bytes.readUInt32LE(bytes.length - 8);
  const start = bytes.length - 8 - length;
  const root = ManifestRoot.decode(zstdDecompressSync(bytes.subarray(start, start + length)));
  change(root);
  const stored = zstdCompressSync(ManifestRoot.encode(root).finish());
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(stored.length);
  return Buffer.concat([bytes.subarray(0, start), stored, tail, bytes.subarray(bytes.length - 4)]);
}

/** Opens and locates everything: it works, or it fails as a manifest that is damaged. */
async function readAll(bytes: Uint8Array): Promise<void> {
  try {
    const manifest = await openManifest(memorySource('m', bytes));
    for (const [array, shape] of manifest.shapes.entries()) {
      const ranges = shape.map((extent) => ({ start: 0, count: Math.min(extent, 4), step: 1 }));
      for await (const piece of manifest.locate(array, ranges))
        assert.equal(piece.origin.length, shape.length);
    }
  } catch (error) {
    assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error));
    assert.match((error as Error).message, /^manifest m at byte \d+: expected .*, found /);
  }
}

describe('damaged manifests', () => {
  it('of any length are refused', async () => {
    const bytes = sample();
    for (let length = 0; length < bytes.length; length++) {
      await assert.rejects(openManifest(memorySource('m', bytes.subarray(0, length))), (error) =>
        isHyperslabError(error, 'FORMAT_CORRUPT'),
      );
    }
  });

  it('with flipped bits never fail in another way', async () => {
    const bytes = sample();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 4 }),
        async (bits) => {
          const damaged = Uint8Array.from(bytes);
          for (const bit of bits) damaged[bit >> 3] ^= 1 << (bit & 7);
          await readAll(damaged);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('with a root that contradicts itself are refused', async () => {
    const changes: ((root: ManifestRoot) => void)[] = [
      ({ arrays: [array] }) => array.shape.push(3),
      ({ arrays: [array] }) => (array.shape[0] = 2 ** 50),
      ({ arrays: [array] }) => (array.pieceGrid[0].counts[0] = 2 ** 40),
      ({ arrays: [array] }) => (array.pieceGrid[0] = { sizes: [0, 4], counts: [2 ** 52, 1] }),
      ({ arrays: [array] }) => (array.pieceGrid[1].sizes = []),
      ({ arrays: [array] }) => (array.piecesPerPage = 0),
      ({ arrays: [array] }) => (array.piecePages[0].offset = 2 ** 52),
      ({ arrays: [array] }) => (array.piecePages[0].rows = 7),
      ({ arrays: [array] }) => (array.chunkPages = []),
      ({ layouts }) => (layouts[0].chunkShape[0] = 0),
      ({ layouts }) => (layouts[0].chunkShape = [1]),
      ({ layouts }) => (layouts[0].storedDtype = 'int17'),
      (root) => (root.layouts = []),
      (root) => (root.packings = []),
      (root) => (root.objectPages = []),
      (root) => (root.objectsPerPage = 0),
    ];
    await readAll(withRoot(() => {}));
    for (const change of changes) {
      const read = async () => {
        const manifest = await openManifest(memorySource('m', withRoot(change)));
        const ranges = [4, 9].map((count) => ({ start: 0, count, step: 1 }));
        await Array.fromAsync(manifest.locate(0, ranges));
      };
      await assert.rejects(read(), (error) => isHyperslabError(error, 'FORMAT_CORRUPT'), String(change));
    }
  });

  it('of arbitrary bytes are refused', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), readAll));
  });
});
