import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { memorySource } from '@hyperslab/storage';
import { repository, withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { indexFile, readStored } from '../../src/index.ts';
import { listedStore } from '../../src/zarr/listed-store.ts';
import { type MemoryStore, storageOf } from './reference.ts';

const folder = join(repository, 'fixtures/zarr');

function load(name: string): MemoryStore {
  const entries = readdirSync(join(folder, name), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(join(folder, name).length + 1), new Uint8Array(readFileSync(path))];
    }),
  );
}

/** Values, or an error that says what is wrong with which object: never a defect of ours, never without end. */
async function readsOrRefuses(store: MemoryStore, root: string): Promise<void> {
  try {
    await withinLimits(async () => {
      const storage = storageOf(store);
      const source = storage.open(`mem:/x/${root}`);
      const index = await indexFile(source, { storage });
      const variables = [index.root!, ...index.root!.groups].flatMap((group) => group.variables);
      for (const variable of variables) {
        const elements = variable.shape.reduce((product, extent) => product * extent, 1);
        if (variable.notComputable !== '' || elements > 1e6) continue;
        await readStored(
          variable,
          source,
          index.version!,
          undefined,
          index.others && { others: index.others, storage },
        );
      }
    });
  } catch (error) {
    assert.ok(error instanceof HyperslabError, String(error));
    assert.notEqual(error.reason, 'INTERNAL', error.message);
    assert.match(error.message, /mem:|codec/);
  }
}

const stores: [MemoryStore, string][] = [
  [load('run0.zarr'), '.zmetadata'],
  [load('run1.zarr'), '.zgroup'],
  [load('sharded.zarr'), 'zarr.json'],
];
const anyStore = fc.constantFrom(...stores);
/** A store, and one of its objects: metadata half of the time. */
const anyObject = anyStore.chain(([store, root]) => {
  const keys = [...store.keys()];
  const metadata = keys.filter((key) => /zarr\.json$|\.z[a-z]+$/.test(key));
  return fc
    .oneof(fc.constantFrom(...metadata), fc.constantFrom(...keys))
    .map((key) => ({ store, root, key }));
});

describe('zarr: damaged stores', function () {
  this.timeout(60_000);

  it('with some bytes changed, or an object cut off', () =>
    fc.assert(
      fc.asyncProperty(
        anyObject,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(300)),
        async ({ store, root, key }, changes, cut) => {
          const bytes = store.get(key)!.slice();
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const damaged = bytes.subarray(0, Math.max(0, bytes.length - cut));
          await readsOrRefuses(new Map([...store, [key, damaged]]), root);
        },
      ),
      { numRuns: 300 },
    ));

  it('with a value of metadata replaced', () => {
    const values = fc.constantFrom(
      'null',
      '-1',
      '0',
      '1.5',
      '4503599627370496',
      '1e300',
      '9223372036854775807',
      '""',
      '"a"',
      '[]',
      '[[]]',
      '{}',
      'true',
      'NaN',
      '"O"',
      '[1, 2, 3]',
      '{"id": "zlib"}',
      '[2147483647, 2147483647, 2147483647]',
      '"..\\/.."',
    );
    return fc.assert(
      fc.asyncProperty(anyObject, fc.nat(), values, async ({ store, root, key }, at, value) => {
        const text = Buffer.from(store.get(key)!).toString();
        const places = [...text.matchAll(/(?<=": ?)("[^"]*"|-?[\d.]+|\[[^[\]]*\]|null|true|false|\{\})/g)];
        if (places.length === 0) return;
        const place = places[at % places.length];
        const changed = text.slice(0, place.index) + value + text.slice(place.index + place[0].length);
        await readsOrRefuses(new Map([...store, [key, Buffer.from(changed)]]), root);
      }),
      { numRuns: 400 },
    );
  });

  it('with more metadata than a store has, in many documents', async () => {
    const group = Buffer.alloc(64 * 1024 * 1024, ' ');
    group.write('{"zarr_format": 3, "node_type": "group", "attributes": {}}');
    const root = group.subarray(0, 100);
    const storage = storageOf(
      new Map([
        ['zarr.json', root],
        ...'abcde'.split('').map((name) => [`${name}/zarr.json`, group] as const),
      ]),
    );
    await assert.rejects(indexFile(storage.open('mem:/x/zarr.json'), { storage }), {
      reason: 'TOO_LARGE',
      message: /zarr\.json: expected metadata of a store of at most 268435456 bytes together, found \d+;/,
    });
  });

  it('with more objects than are held at once', async () => {
    const storage = storageOf(new Map('abcd'.split('').map((name) => [name, Buffer.from('1')])));
    assert.deepEqual((await listedStore('mem:/x/', storage, undefined, 4)).keysBelow(''), [...'abcd']);
    await assert.rejects(listedStore('mem:/x/', storage, undefined, 3), {
      reason: 'TOO_LARGE',
      message: /^mem:\/x\/: expected a store of at most 3 objects, found more; publish its groups/,
    });
  });

  it('with any numbers in the index of a shard', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.constantFrom(0n, 1n, 500n, 1n << 31n, 1n << 53n, 1n << 63n, (1n << 64n) - 1n),
        async (at, value) => {
          const [store, root] = stores[2];
          const key = [...store.keys()].find((name) => name.startsWith('t/c/'))!;
          const bytes = store.get(key)!.slice();
          const place = bytes.length - 4 - 16 * 8 + 8 * (at % 16);
          new DataView(bytes.buffer).setBigUint64(place, value, true);
          // Without the checksum that would notice.
          const metadata = Buffer.from(store.get(root)!).toString();
          const trusting = metadata.replace(/,\s*\{\s*"name": "crc32c"\s*\}/g, '');
          assert.notEqual(trusting, metadata);
          const damaged: MemoryStore = new Map([...store, [root, Buffer.from(trusting)]]);
          for (const [name, shard] of store)
            if (name.startsWith('t/c/')) damaged.set(name, shard.slice(0, -4));
          damaged.set(key, bytes.slice(0, -4));
          await readsOrRefuses(damaged, root);
        },
      ),
      { numRuns: 100 },
    ));

  it('of which a checksum tells', async () => {
    const [store, root] = stores[2];
    const key = [...store.keys()].find((name) => name.startsWith('t/c/'))!;
    const bytes = store.get(key)!.slice();
    bytes[bytes.length - 20] ^= 1;
    const storage = storageOf(new Map([...store, [key, bytes]]));
    await assert.rejects(indexFile(storage.open(`mem:/x/${root}`), { storage }), (error) => {
      assert.ok(error instanceof HyperslabError);
      assert.equal(error.reason, 'CHECKSUM_MISMATCH');
      assert.match(error.message, /^mem:\/x\/t\/c\/.*: index of the shard: codec "crc32c"/);
      return true;
    });
  });

  it('with a bare % in the key of its metadata', async () => {
    const metadata = Buffer.from('{"zarr_format": 3, "node_type": "group", "attributes": {}}');
    const storage = storageOf(new Map([['100%.json', metadata]]));
    assert.deepEqual((await indexFile(storage.open('mem:/x/100%.json'), { storage })).root!.variables, []);
    // A URL of a file that no store of ours makes.
    const odd = { ...storage, open: (url: string) => memorySource(url, metadata) };
    await assert.rejects(indexFile(odd.open('file:///100%/zarr.json'), { storage: odd }), {
      reason: 'URL_INVALID',
      message: /^file:\/\/\/100%\/: expected UTF-8, percent-encoded/,
    });
  });

  it('with an empty object for a chunk', async () => {
    const [store, root] = stores[0];
    const key = [...store.keys()].find((name) => /^t\/\d/.test(name))!;
    const storage = storageOf(new Map([...store, [key, new Uint8Array(0)]]));
    await assert.rejects(
      indexFile(storage.open(`mem:/x/${root}`), { storage }),
      /expected the bytes of a chunk/,
    );
  });
});
