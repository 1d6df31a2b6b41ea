import type { OtherObjects } from '@hyperslab/proto/index';
import type { ObjectVersion, Storage } from '@hyperslab/storage';
import { type KeyStore, keysWithPrefix, type StoredKey } from '../zarr/key-store.ts';
import { HeldBytes } from './held-bytes.ts';
import type { Reference } from './parse-references.ts';

/** Nothing is known of the state of an object that only references tell of. */
const unknownVersion: ObjectVersion = { size: 0, etag: '', modifiedUs: 0 };

/** URL of the object that the index itself is, for bytes that lie in no other (OtherObjects.held). */
const heldUrl = 'index:';

/**
 * References as a store of keys. Objects that they lead to are not looked at, but for whole ones, whose length must be known; that
 * they lie within the roots is checked. A relative URL counts from the folder of the reference file, at `url`.
 */
export function referenceStore(
  references: ReadonlyMap<string, Reference>,
  url: string,
  storage: Storage,
  signal?: AbortSignal,
): KeyStore {
  const sorted = [...references.keys()].sort();
  const objects = new NumberedObjects();
  const open = (target: string) => storage.open(absolute(target, url));

  async function locate(key: string): Promise<StoredKey | undefined> {
    const reference = references.get(key);
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
      const reference = references.get(key);
      if (reference === undefined || reference.kind === 'inline') return reference?.bytes;
      const source = open(reference.url);
      const length = reference.kind === 'part' ? reference.length : (await source.stat(signal)).size;
      const offset = reference.kind === 'part' ? reference.offset : 0;
      return (await source.read([{ offset, length }], { signal }))[0];
    },
    lists: true,
    keysBelow: (folder) => keysWithPrefix(sorted, folder),
    locate,
    readPart,
    others: () => objects.others(),
  };
}

/** A URL, or a path beside the reference file. */
function absolute(target: string, url: string): string {
  if (target.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(target)) return target;
  const folder = url.slice(0, url.lastIndexOf('/') + 1);
  const path = folder.startsWith('s3:') ? target : target.split('/').map(encodeURIComponent).join('/');
  return folder + path;
}

/** Objects by URL, each numbered once, and the bytes that lie in none. */
class NumberedObjects {
  readonly #numbers = new Map<string, number>();
  readonly #objects: { url: string; version: ObjectVersion }[] = [];
  readonly #held = new HeldBytes();

  number(url: string, version: ObjectVersion): number {
    let number = this.#numbers.get(url);
    if (number === undefined) {
      number = this.#objects.push({ url, version });
      this.#numbers.set(url, number);
    }
    return number;
  }

  at(number: number): { url: string; version: ObjectVersion } {
    return this.#objects[number - 1];
  }

  hold(bytes: Uint8Array): StoredKey {
    const object = this.number(heldUrl, unknownVersion);
    return { object, offset: this.#held.add(bytes), length: bytes.length };
  }

  heldPart(offset: number, length: number): Uint8Array {
    return this.#held.part(offset, length);
  }

  others(): OtherObjects | undefined {
    if (this.#objects.length === 0) return undefined;
    return {
      urls: this.#objects.map(({ url }) => url),
      versions: this.#objects.map(({ version }) => version),
      held: this.#held.all(),
    };
  }
}
