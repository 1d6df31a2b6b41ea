import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import type { ListedObject, Storage } from '@hyperslab/storage';
import { type KeyStore, keysWithPrefix, ObjectTable } from './key-store.ts';
import { MetadataBudget } from './metadata-budget.ts';
import { hiddenMetadataNames } from './metadata-names.ts';

/** Half as many again as an index may have chunks: each takes some 300 bytes while its store is indexed. */
const mostListed = 6 * 1024 * 1024;

/**
 * A folder, or a prefix of a bucket, as a store of keys: all of it is listed once. `root` ends in a slash. Throws TOO_LARGE for
 * more than `most` objects.
 */
export async function listedStore(
  root: string,
  storage: Storage,
  signal?: AbortSignal,
  most = mostListed,
): Promise<KeyStore> {
  const listed = new Map<string, ListedObject>();
  const rootKey = keyOfUrl(root);
  for await (const object of storage.list(root, signal, { hidden: hiddenMetadataNames })) {
    if (listed.size >= most) throw tooManyObjects(root, most);
    const key = keyOfUrl(object.url);
    if (key.startsWith(rootKey)) listed.set(key.slice(rootKey.length), object);
  }
  const sorted = [...listed.keys()].sort();
  const objects = new ObjectTable();
  const budget = new MetadataBudget();
  return {
    url: root,
    async read(key) {
      const object = listed.get(key);
      return object === undefined ? undefined : readWhole(object, budget, storage, signal);
    },
    lists: true,
    keysBelow: (folder) => keysWithPrefix(sorted, folder),
    async locate(key) {
      const object = listed.get(key);
      if (object === undefined) return undefined;
      const { url, size, etag, modifiedUs } = object;
      return { object: objects.add(url, { size, etag, modifiedUs }), offset: 0, length: size };
    },
    async readPart({ object, offset: start }, offset, length) {
      const range = { offset: start + offset, length };
      const options = { signal, expect: objects.version(object) };
      return (await storage.open(objects.url(object)).read([range], options))[0];
    },
    others: () => objects.others(),
  };
}

/** A URL as keys of stores have it: those of files are percent-encoded, those of S3 are not. Throws URL_INVALID. */
export function keyOfUrl(url: string): string {
  if (!url.startsWith('file:')) return url;
  try {
    return decodeURIComponent(url);
  } catch (cause) {
    const expected = 'expected UTF-8, percent-encoded (a % is written %25)';
    throw new HyperslabError('URL_INVALID', `${url}: ${expected}, found something else`, { url }, cause);
  }
}

function tooManyObjects(root: string, most: number): HyperslabError {
  return new HyperslabError(
    'TOO_LARGE',
    `${root}: expected a store of at most ${most} objects, found more; publish its groups or arrays by URLs of their own`,
    { url: root, objects: String(most) },
  );
}

/**
 * A folder of a server that lists nothing: each key is asked for. `root` ends in a slash. Chunks that the server says are not
 * there were never written; that it refuses to tell is an error.
 */
export function unlistedStore(root: string, storage: Storage, signal?: AbortSignal): KeyStore {
  const objects = new ObjectTable();
  const budget = new MetadataBudget();
  const open = (key: string) => storage.open(root + key.split('/').map(encodeURIComponent).join('/'));
  return {
    url: root,
    async read(key) {
      const version = await orAbsent(open(key).stat(signal));
      return version && readWhole({ url: open(key).url, ...version }, budget, storage, signal);
    },
    lists: false,
    keysBelow: () => undefined,
    async locate(key) {
      const source = open(key);
      const version = await orAbsent(source.stat(signal));
      return version && { object: objects.add(source.url, version), offset: 0, length: version.size };
    },
    async readPart({ object, offset: start }, offset, length) {
      const range = { offset: start + offset, length };
      const options = { signal, expect: objects.version(object) };
      return (await storage.open(objects.url(object)).read([range], options))[0];
    },
    others: () => objects.others(),
  };
}

async function readWhole(
  { url, ...version }: ListedObject,
  budget: MetadataBudget,
  storage: Storage,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  budget.take(url, version.size);
  const range = { offset: 0, length: version.size };
  return (await storage.open(url).read([range], { signal, expect: version }))[0];
}

async function orAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isHyperslabError(error, 'OBJECT_NOT_FOUND')) return undefined;
    throw error;
  }
}
