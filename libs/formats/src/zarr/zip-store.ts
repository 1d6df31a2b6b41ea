import { findCodec } from '@hyperslab/codecs';
import { HyperslabError } from '@hyperslab/errors';
import type { ByteSource, ObjectVersion } from '@hyperslab/storage';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import {
  dataOffset,
  findDirectory,
  localHeaderBytes,
  mostEndBytes,
  parseDirectory,
  type ZipMember,
} from '../zip/central-directory.ts';
import { type KeyStore, keysWithPrefix, type StoredKey } from './key-store.ts';
import { assertMetadataSize, MetadataBudget } from './metadata-budget.ts';
import { zarrRootNames } from './metadata-names.ts';

/** Local file headers that are fetched at once. */
const headersAtOnce = 4096;

/** A store in a zip archive, and the key of its root metadata. */
export interface ZippedStore {
  store: KeyStore;
  rootKey: string;
}

/**
 * The Zarr store that a zip archive holds, at its top or in its only folder with one. Throws FORMAT_UNKNOWN when it holds none,
 * FORMAT_CORRUPT, and FORMAT_UNSUPPORTED for several.
 */
export async function zipStore(
  source: ByteSource,
  version: ObjectVersion,
  signal?: AbortSignal,
): Promise<ZippedStore> {
  const { url } = source;
  const read = async (offset: number, length: number) =>
    (await source.read([{ offset, length }], { signal, expect: version }))[0];
  const base = Math.max(0, version.size - mostEndBytes);
  const place = findDirectory(await read(base, version.size - base), url, base);
  assertMetadataSize(url, place.length);
  const members = parseDirectory(await read(place.offset, place.length), url, place.offset);
  const root = findRoot([...members.keys()], url);
  const folder = root.slice(0, root.lastIndexOf('/') + 1);
  const located = await locateMembers([...members.values()].filter(({ name }) => name.startsWith(folder)));

  async function locateMembers(wanted: ZipMember[]): Promise<Map<string, StoredKey>> {
    const stored = new Map<string, StoredKey>();
    for (let at = 0; at < wanted.length; at += headersAtOnce) {
      const some = wanted.slice(at, at + headersAtOnce);
      const ranges = some.map(({ headerOffset }) => ({ offset: headerOffset, length: localHeaderBytes }));
      for (const { offset } of ranges) assertWithin(offset + localHeaderBytes);
      const headers = await source.read(ranges, { signal, expect: version });
      for (const [i, member] of some.entries()) {
        const offset = dataOffset(headers[i], url, member);
        assertWithin(offset + member.storedBytes);
        const key = member.name.slice(folder.length);
        stored.set(key, { object: 0, offset, length: member.storedBytes, isDeflated: member.method === 8 });
      }
    }
    return stored;
  }

  function assertWithin(end: number): void {
    if (end > version.size)
      throw formatCorrupt(url, end, `members within ${version.size} bytes`, `one up to byte ${end}`);
  }

  function checked(key: string): StoredKey | undefined {
    const member = members.get(folder + key);
    if (member !== undefined && (member.isEncrypted || (member.method !== 0 && member.method !== 8))) {
      const how = member.isEncrypted ? 'encrypted' : `compressed by method ${member.method}`;
      const what = `member "${member.name}", which is ${how},`;
      throw formatUnsupported(url, member.headerOffset, what, 'write the archive again, stored or deflated');
    }
    return located.get(key);
  }

  const sorted = [...located.keys()].sort();
  const budget = new MetadataBudget();
  return {
    rootKey: root.slice(folder.length),
    store: {
      url: `${url}/${folder}`,
      async read(key) {
        const stored = checked(key);
        if (stored === undefined) return undefined;
        const { bytes } = members.get(folder + key)!;
        budget.take(`${url}/${folder}${key}`, Math.max(bytes, stored.length));
        const content = await read(stored.offset, stored.length);
        return stored.isDeflated ? findCodec('deflate_raw').decode(content, {}, bytes) : content;
      },
      lists: true,
      keysBelow: (below) => keysWithPrefix(sorted, below),
      locate: async (key) => checked(key),
      readPart: (stored, offset, length) => read(stored.offset + offset, length),
      others: () => undefined,
    },
  };
}

/** The member that is the root metadata: the one nearest to the top, the most telling where several are equally near. */
function findRoot(names: readonly string[], url: string): string {
  const depthOf = (name: string) => name.split('/').length;
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const roots = names.filter((name) => zarrRootNames.includes(nameOf(name)));
  const depth = Math.min(...roots.map(depthOf));
  const nearest = roots.filter((name) => depthOf(name) === depth);
  if (nearest.length === 0) throw noStore(url, names);
  const folders = new Set(nearest.map((name) => name.slice(0, name.lastIndexOf('/') + 1)));
  if (folders.size > 1) {
    throw formatUnsupported(
      url,
      0,
      `a zip archive of ${folders.size} Zarr stores`,
      'unpack it and publish the stores',
    );
  }
  return nearest.sort((a, b) => zarrRootNames.indexOf(nameOf(a)) - zarrRootNames.indexOf(nameOf(b)))[0];
}

function noStore(url: string, names: readonly string[]): HyperslabError {
  const found = names.length === 0 ? 'nothing' : `members such as "${names[0].slice(0, 80)}"`;
  return new HyperslabError(
    'FORMAT_UNKNOWN',
    `${url}: expected a Zarr store in the zip archive, found ${found}; unpack it and publish what it holds`,
    { url, found },
  );
}
