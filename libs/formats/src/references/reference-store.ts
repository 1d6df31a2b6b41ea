import type { ByteSource, Storage } from '@hyperslab/storage';
import { folderUrl } from '../folder-url.ts';
import type { KeyStore, StoredKey } from '../zarr/key-store.ts';
import { MetadataBudget } from '../zarr/metadata-budget.ts';
import { heldUrl, NumberedObjects, unknownVersion } from './numbered-objects.ts';
import type { Reference } from './parse-references.ts';

/** References by key, in whatever they are kept. */
export interface References {
  /** URL of what they are kept in, for messages; relative URLs count from the folder that it lies in. */
  url: string;
  /** What a key stands for; undefined when there is none. */
  find(key: string): Reference | undefined | Promise<Reference | undefined>;
  /** As of a KeyStore. */
  keysBelow(folder: string): string[] | undefined;
}

/**
 * References as a store of keys. Objects that they lead to are not looked at, but for whole ones, whose length must be known; that
 * they lie within the roots is checked.
 */
export function referenceStore(references: References, storage: Storage, signal?: AbortSignal): KeyStore {
  const { url } = references;
  const objects = new NumberedObjects(`${url}/`);
  const budget = new MetadataBudget();
  // Neighbouring chunks mostly lie in one object, and a URL costs more to understand than all else of a reference.
  let last: { target: string; source: ByteSource } | undefined;
  const open = (target: string) => {
    if (last?.target !== target) last = { target, source: storage.open(absolute(target, url)) };
    return last.source;
  };

  async function locate(key: string): Promise<StoredKey | undefined> {
    const reference = await references.find(key);
    if (reference === undefined) return undefined;
    if (reference.kind === 'inline') return objects.hold(reference.bytes);
    const source = open(reference.url);
    if (reference.kind === 'part') {
      const { offset, length } = reference;
      return { object: objects.number(source.url, unknownVersion), offset, length };
    }
    const version = await source.stat(signal);
    return { object: objects.number(source.url, version), offset: 0, length: version.size };
  }

  async function readPart(
    { object, offset: start }: StoredKey,
    offset: number,
    length: number,
  ): Promise<Uint8Array> {
    const range = { offset: start + offset, length };
    const { url: target, version } = objects.at(object);
    if (target === heldUrl) return objects.heldPart(range.offset, length);
    const expect = version === unknownVersion ? undefined : version;
    return (await storage.open(target).read([range], { signal, expect }))[0];
  }

  return {
    url: `${url}/`,
    async read(key) {
      const reference = await references.find(key);
      if (reference === undefined || reference.kind === 'inline') return reference?.bytes;
      const source = open(reference.url);
      const length = reference.kind === 'part' ? reference.length : (await source.stat(signal)).size;
      const offset = reference.kind === 'part' ? reference.offset : 0;
      budget.take(source.url, length);
      return (await source.read([{ offset, length }], { signal }))[0];
    },
    lists: true,
    keysBelow: references.keysBelow,
    locate,
    readPart,
    others: () => objects.others(),
  };
}

/** A URL, or a path beside what the references are kept in. */
function absolute(target: string, url: string): string {
  if (target.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(target)) return target;
  return urlBelow(folderUrl(url), target);
}

/** The URL of what lies at a path below a folder, whose URL ends in a slash. */
export function urlBelow(folder: string, path: string): string {
  return folder + (folder.startsWith('s3:') ? path : path.split('/').map(encodeURIComponent).join('/'));
}
