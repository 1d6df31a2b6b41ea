import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { FileIndex, Group, IndexedVariable } from '@hyperslab/proto/index';
import { createStorage, memorySource, type Storage } from '@hyperslab/storage';
import { indexFile, readStored } from '../../src/index.ts';

/** An indexed store, and what its chunks are read through. */
export interface IndexedStore {
  storage: Storage;
  index: FileIndex;
  /** Variables by absolute path. */
  variables: Map<string, IndexedVariable>;
}

/** Indexes the store whose root metadata object is at a path or URL, calls with it, and closes it. */
export async function withStore<T>(
  root: string,
  body: (store: IndexedStore) => Promise<T>,
  options: Parameters<typeof createStorage>[0] = { roots: [root.slice(0, root.lastIndexOf('/'))] },
): Promise<T> {
  const storage = createStorage(options);
  try {
    const index = await indexFile(storage.open(root), { storage });
    return await body({ storage, index, variables: variablesOf(index.root) });
  } finally {
    await storage.close();
  }
}

/** All values of a variable as stored. */
export function valuesOf({ storage, index }: IndexedStore, variable: IndexedVariable): Promise<MaskedArray> {
  const other = index.others && { others: index.others, storage };
  return readStored(variable, storage.open(index.url), index.version!, undefined, other);
}

function variablesOf(group: Group | undefined, prefix = ''): Map<string, IndexedVariable> {
  assert.ok(group);
  return new Map([
    ...group.variables.map((variable) => [`${prefix}/${variable.name}`, variable] as const),
    ...group.groups.flatMap((child) => [...variablesOf(child, `${prefix}/${child.name}`)]),
  ]);
}

/** A store in memory: bytes by key. */
export type MemoryStore = Map<string, Uint8Array>;

/** The store as what lies below mem:/x/. */
export function storageOf(store: MemoryStore): Storage {
  const source = (url: string) => {
    const bytes = store.get(url.slice('mem:/x/'.length));
    if (bytes === undefined) throw new HyperslabError('OBJECT_NOT_FOUND', `${url}: it is not there`, { url });
    return memorySource(url, bytes);
  };
  return {
    open: source,
    async *list() {
      for (const [key, { length }] of store)
        yield { url: `mem:/x/${key}`, size: length, etag: '', modifiedUs: 0 };
    },
    close: async () => undefined,
  };
}
