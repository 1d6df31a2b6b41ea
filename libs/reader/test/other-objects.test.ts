import assert from 'node:assert/strict';
import { wholeSelection } from '@hyperslab/array';
import { aggregate, openManifest } from '@hyperslab/cube';
import { isHyperslabError } from '@hyperslab/errors';
import type { FileIndex, IndexedVariable } from '@hyperslab/proto/index';
import { type ByteSource, memorySource, type ObjectVersion, type ReadOptions } from '@hyperslab/storage';
import { createChunkCache, readArray } from '../src/index.ts';

const unknown: ObjectVersion = { size: 0, etag: '', modifiedUs: 0 };

/** Four chunks of two int8 each: in the indexed object, in two others, and in the index itself. */
const variable: IndexedVariable = {
  name: 'a',
  dtype: 'int8',
  dimensions: ['/x'],
  shape: [8],
  attributes: [],
  layout: {
    storedDtype: 'int8',
    chunkShape: [2],
    codecs: [{ name: 'bytes', configuration: '{"endian":"little"}' }],
    edgeChunksPadded: true,
  },
  chunks: {
    offsets: [3, 0, 1, 1],
    lengths: [2, 2, 2, 2],
    skippedCodecs: [],
    objects: { numbers: [0, 1, 2, 3] },
  },
  notComputable: '',
  contentSha256: '',
};

const objects: Record<string, Uint8Array> = {
  'mem:///root': Uint8Array.of(0, 0, 0, 1, 2),
  'mem:///b': Uint8Array.of(3, 4),
  'mem:///c': Uint8Array.of(0, 5, 6),
};

function index(versions: ObjectVersion[]): FileIndex {
  return {
    url: 'mem:///root',
    format: 'zarr',
    version: { size: 5, etag: '', modifiedUs: 0 },
    bytesRead: 5,
    notes: [],
    others: { urls: ['mem:///b', 'mem:///c', 'index:'], versions, held: Buffer.from([0, 7, 8]) },
    root: {
      name: '',
      attributes: [],
      dimensions: [{ name: 'x', size: 8, unlimited: false }],
      variables: [variable],
      groups: [],
    },
  };
}

/** Two arrays that refer to the same bytes, little-endian and big-endian, of an object in a known state or not. */
function twice(version: ObjectVersion): FileIndex {
  const array = (name: string, endian: string): IndexedVariable => ({
    ...variable,
    name,
    dtype: 'int16',
    shape: [1],
    dimensions: [`/${name}`],
    layout: {
      storedDtype: 'int16',
      chunkShape: [1],
      codecs: [{ name: 'bytes', configuration: JSON.stringify({ endian }) }],
      edgeChunksPadded: true,
    },
    chunks: { offsets: [0], lengths: [2], skippedCodecs: [], objects: { numbers: [1] } },
  });
  const file = index([version, unknown, unknown]);
  const root = { ...file.root!, dimensions: [], variables: [array('little', 'little'), array('big', 'big')] };
  return { ...file, root };
}

describe('a cache of decoded chunks', () => {
  async function readTwice(version: ObjectVersion, change: (bytes: Uint8Array) => void) {
    const bytes = Uint8Array.of(1, 0);
    const { dataset, manifest } = await aggregate([twice(version)]);
    const opened = await openManifest(memorySource('m', manifest));
    const cache = createChunkCache(1000);
    const read = async (name: string) => {
      const stored = dataset.variables.find((each) => each.name === name)!;
      const storage = { open: (url: string) => memorySource(url, bytes) };
      const request = {
        variable: stored,
        ranges: wholeSelection(stored.shape),
        manifest: opened,
        storage,
        cache,
      };
      return (await readArray(request)).values[0];
    };
    const first = [await read('little'), await read('big')];
    change(bytes);
    return [...first, await read('little')];
  }

  it('does not take one array for another that refers to the same bytes', async () => {
    const known = { ...unknown, size: 2 };
    assert.deepEqual(await readTwice(known, () => undefined), [1, 256, 1]);
  });

  it('keeps nothing of an object whose state nobody knows', async () => {
    const change = (bytes: Uint8Array) => bytes.set([7, 0]);
    assert.deepEqual(await readTwice(unknown, change), [1, 256, 7]);
  });
});

describe('chunks in other objects', () => {
  async function read(versions: ObjectVersion[], lengths = [2, 2, 2, 2]) {
    const file = index(versions);
    const variables = [{ ...variable, chunks: { ...variable.chunks!, lengths } }];
    const { dataset, manifest } = await aggregate([{ ...file, root: { ...file.root!, variables } }]);
    const expected = new Map<string, ObjectVersion | undefined>();
    const open = (url: string): ByteSource => {
      const source = memorySource(url, objects[url]);
      const read = (ranges: Parameters<ByteSource['read']>[0], options: ReadOptions = {}) => {
        expected.set(url, options.expect);
        return source.read(ranges, options);
      };
      return { ...source, url, read };
    };
    const [stored] = dataset.variables;
    const values = await readArray({
      variable: stored,
      ranges: wholeSelection(stored.shape),
      manifest: await openManifest(memorySource('m', manifest)),
      storage: { open },
    });
    return { values: Array.from(values.values as Int8Array), expected };
  }

  it('are read from there, and those that the index holds from the manifest', async () => {
    const { values } = await read([{ ...unknown, size: 2 }, { ...unknown, size: 3 }, unknown]);
    assert.deepEqual(values, [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('are read as they are where nobody says which state is meant', async () => {
    const known = { ...unknown, size: 3 };
    const { values, expected } = await read([unknown, known, unknown]);
    assert.deepEqual(values, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(expected.get('mem:///b'), undefined);
    assert.deepEqual(expected.get('mem:///c'), known);
  });

  it('are not asked for when they are longer than any chunk of their layout', () =>
    assert.rejects(read([unknown, unknown, unknown], [2, 4e9, 2, 2]), (error) => {
      assert.ok(isHyperslabError(error, 'FORMAT_CORRUPT'), String(error));
      assert.match(error.message, /^mem:\/\/\/b at byte 0: chunk at \[2\] of "a": .* found 4000000000/);
      return true;
    }));
});
