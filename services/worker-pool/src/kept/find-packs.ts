import type { IndexPackFooter } from '@hyperslab/proto/index';
import type { ListedObject, ObjectStore } from '@hyperslab/storage';
import { decodeFooter, footerLength } from './index-pack.ts';

/** A pack, and what is in it. */
export interface FoundPack extends IndexPackFooter {
  key: string;
}

/** The newest are looked at: more than there are while they are replaced as they should. */
const mostPacks = 64;
const packsAtOnce = 8;
// The footer of some thousand indexes.
const tailBytes = 64 * 1024;

/**
 * Packs below a key, newest first. What is no pack, damaged, or can't be read is left out: kept indexes are an aid, and nothing
 * fails for want of them. Throws only when aborted.
 */
export async function findPacks(
  objects: ObjectStore,
  under: string,
  signal: AbortSignal,
): Promise<FoundPack[]> {
  const listed: ListedObject[] = [];
  try {
    for await (const object of objects.list(`${under}/`, signal)) listed.push(object);
  } catch {
    signal.throwIfAborted();
    return [];
  }
  // Names begin with the time.
  const newest = listed.toSorted((a, b) => (a.url < b.url ? 1 : -1)).slice(0, mostPacks);
  const packs: FoundPack[] = [];
  for (let at = 0; at < newest.length; at += packsAtOnce) {
    const some = newest.slice(at, at + packsAtOnce).map((pack) => readPack(objects, under, pack, signal));
    for (const pack of await Promise.all(some)) if (pack !== undefined) packs.push(pack);
  }
  return packs;
}

async function readPack(
  objects: ObjectStore,
  under: string,
  { url, size }: ListedObject,
  signal: AbortSignal,
): Promise<FoundPack | undefined> {
  const key = `${under}/${url.slice(url.lastIndexOf('/') + 1)}`;
  try {
    const source = objects.open(key);
    const last = async (bytes: number) => {
      const length = Math.min(size, bytes);
      return (await source.read([{ offset: size - length, length }], { signal }))[0];
    };
    let tail = await last(tailBytes);
    const length = footerLength(tail, size);
    if (length > tail.length) tail = await last(length);
    return { key, ...(await decodeFooter(tail.subarray(tail.length - length), size)) };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
