import { HyperslabError } from '@hyperslab/errors';

/** An object of a list. */
export interface NamedObject {
  url: string;
  /** Length in bytes. */
  size: number;
}

/**
 * The block of an EXPAND task, laid out so that an INDEX task decodes only its own objects of perhaps a million:
 * count (uint32), sizes (count float64), ends of URLs (count uint32), URLs (UTF-8), all little-endian.
 */
const countBytes = 8;
const rowBytes = 12;

/** Encodes objects in their order. */
export function encodeObjectList(objects: readonly NamedObject[]): Uint8Array {
  const urls = objects.map(({ url }) => Buffer.from(url));
  const urlsAt = countBytes + rowBytes * objects.length;
  const bytes = Buffer.alloc(urlsAt + urls.reduce((sum, url) => sum + url.length, 0));
  bytes.writeUInt32LE(objects.length, 0);
  let end = 0;
  for (const [at, url] of urls.entries()) {
    bytes.set(url, urlsAt + end);
    end += url.length;
    bytes.writeDoubleLE(objects[at].size, countBytes + 8 * at);
    bytes.writeUInt32LE(end, countBytes + 8 * objects.length + 4 * at);
  }
  return bytes;
}

/** How many objects a list has. */
export function objectCount(list: Uint8Array): number {
  return viewOf(list).getUint32(0, true);
}

/** Objects from `first` on, at most `count`; fewer at the end of the list. */
export function decodeObjects(list: Uint8Array, first: number, count: number): NamedObject[] {
  const view = viewOf(list);
  const total = view.getUint32(0, true);
  const urlsAt = countBytes + rowBytes * total;
  if (urlsAt > list.length) throw cutOff(list.length);
  const endOf = (at: number) => (at < 0 ? 0 : view.getUint32(countBytes + 8 * total + 4 * at, true));
  const objects: NamedObject[] = [];
  for (let at = first; at < Math.min(total, first + count); at++) {
    const [start, end] = [urlsAt + endOf(at - 1), urlsAt + endOf(at)];
    if (end > list.length || start > end) throw cutOff(list.length);
    // A copy: the list may lie in shared memory, which a text decoder refuses.
    const url = Buffer.from(list.slice(start, end)).toString();
    objects.push({ url, size: view.getFloat64(countBytes + 8 * at, true) });
  }
  return objects;
}

function viewOf(list: Uint8Array): DataView {
  if (list.length < countBytes) throw cutOff(list.length);
  return new DataView(list.buffer, list.byteOffset, list.byteLength);
}

function cutOff(length: number): HyperslabError {
  return new HyperslabError('INTERNAL', `object list: it is cut off at ${length} bytes`);
}
