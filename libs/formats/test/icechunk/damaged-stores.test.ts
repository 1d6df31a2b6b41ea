import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { HyperslabError } from '@hyperslab/errors';
import { repository, withinLimits } from '@hyperslab/testing';
import fc from 'fast-check';
import { FlexValue } from '../../src/icechunk/flex-value.ts';
import { parseRepoInfo } from '../../src/icechunk/repo-info.ts';
import { indexFile, readStored } from '../../src/index.ts';
import { type MemoryStore, storageOf } from '../zarr/reference.ts';

const headerBytes = 39;

function load(name: string): MemoryStore {
  const folder = join(repository, 'fixtures/icechunk', name);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(folder.length + 1), new Uint8Array(readFileSync(path))];
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
      for (const variable of index.root!.variables) {
        const elements = variable.shape.reduce((product, extent) => product * extent, 1);
        if (variable.notComputable !== '' || elements > 1e6) continue;
        const other = index.others && { others: index.others, storage };
        await readStored(variable, source, index.version!, undefined, other);
      }
    });
  } catch (error) {
    assert.ok(error instanceof HyperslabError, String(error));
    assert.notEqual(error.reason, 'INTERNAL', error.message);
  }
}

const stores: [MemoryStore, string][] = [
  [load('run1.icechunk'), 'refs/branch.main/ref.json'],
  [load('run2.icechunk'), 'repo'],
];
/** A store, and one of its metadata objects, of each kind as often. */
const anyObject = fc.constantFrom(...stores).chain(([store, root]) =>
  fc.constantFrom<string[]>(root, 'snapshots', 'manifests').chain((kind) => {
    const keys = [...store.keys()].filter((key) => key.startsWith(kind));
    return fc.constantFrom(...keys).map((key) => ({ store, root, key }));
  }),
);
const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
const extremes = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 127, 128, 254, 255)), {
  minLength: 1,
  maxLength: 6,
});

function changed(bytes: Uint8Array, places: readonly (readonly [number, number])[]): Uint8Array {
  const copy = bytes.slice();
  for (const [at, byte] of places) copy[at % copy.length] = byte;
  return copy;
}

describe('icechunk: damaged stores', function () {
  this.timeout(120_000);

  it('with some bytes changed, or an object cut off', () =>
    fc.assert(
      fc.asyncProperty(anyObject, changes, fc.nat(60), async ({ store, root, key }, places, cut) => {
        const bytes = changed(store.get(key)!, places);
        const damaged = cut % 4 === 0 ? bytes.subarray(0, Math.max(0, bytes.length - cut)) : bytes;
        await readsOrRefuses(new Map([...store, [key, damaged]]), root);
      }),
      { numRuns: 300 },
    ));

  it('with other offsets, counts and types within compressed metadata', () =>
    fc.assert(
      fc.asyncProperty(anyObject, fc.oneof(changes, extremes), async ({ store, root, key }, places) => {
        const bytes = store.get(key)!;
        if (bytes.length <= headerBytes) return;
        const content = changed(zstdDecompressSync(bytes.subarray(headerBytes)), places);
        const packed = Buffer.concat([bytes.subarray(0, headerBytes), zstdCompressSync(content)]);
        await readsOrRefuses(new Map([...store, [key, packed]]), root);
      }),
      { numRuns: 1000 },
    ));

  it('with a metadata object that unpacks to far more than it holds', async () => {
    const [store, root] = stores[1];
    const bomb = zstdCompressSync(Buffer.alloc(2 ** 29));
    for (const key of store.keys()) {
      if (!/^(repo|snapshots|manifests)/.test(key)) continue;
      const packed = Buffer.concat([store.get(key)!.subarray(0, headerBytes), bomb]);
      await readsOrRefuses(new Map([...store, [key, packed]]), root);
    }
  });

  it('with any configuration', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          const visit = (value: FlexValue, depth: number): void => {
            value.text();
            let left = 20;
            for (const [, member] of value.members()) if (depth < 3 && left-- > 0) visit(member, depth + 1);
          };
          visit(FlexValue.root(bytes, 'mem:/x/repo'), 0);
        } catch (error) {
          assert.ok(error instanceof HyperslabError, String(error));
        }
      }),
      { numRuns: 2000 },
    ));

  it('whose containers of virtual chunks are asked for', () => {
    const bytes = stores[1][0].get('repo')!;
    const content = zstdDecompressSync(bytes.subarray(headerBytes));
    fc.assert(
      fc.property(changes, (places) => {
        const packed = zstdCompressSync(changed(content, places));
        try {
          parseRepoInfo(Buffer.concat([bytes.subarray(0, headerBytes), packed]), 'mem:/x/repo').container(
            'x',
          );
        } catch (error) {
          assert.ok(error instanceof HyperslabError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});
