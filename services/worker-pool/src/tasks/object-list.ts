import { HyperslabError } from '@hyperslab/errors';
import { ListingRemarks } from '@hyperslab/proto/index';
import { nameBytes } from '../kept/index-name.ts';
import type { KeptPlace } from '../kept/plan-kept.ts';

/** An object of a list. */
export interface NamedObject {
  url: string;
  /** Length in bytes. */
  size: number;
  /** What an index of it in the state that was listed is found by. */
  indexName: Uint8Array;
  /** Where one is kept. */
  kept?: KeptPlace;
}

/**
 * The block of an EXPAND task, laid out so that an INDEX task decodes only its own objects of perhaps a million:
 * count (uint32), sizes (count float64), ends of URLs (count uint32), URLs (UTF-8), length of remarks (uint32), ListingRemarks,
 * then for each object its index's name, and where that is kept: pack plus one (uint32, 0 for none), offset (float64), length and
 * position (uint32). All little-endian.
 */
const countBytes = 8;
const rowBytes = 12;
const keptRowBytes = nameBytes + 20;

/** Encodes objects in their order. */
export function encodeObjectList(
  objects: readonly NamedObject[],
  remarks: ListingRemarks = ListingRemarks.create(),
): Uint8Array {
  const urlsAt = countBytes + rowBytes * objects.length;
  const remarksAt = urlsAt + objects.reduce((sum, { url }) => sum + Buffer.byteLength(url), 0) + 4;
  const encoded = ListingRemarks.encode(remarks).finish();
  const rowsAt = remarksAt + encoded.length;
  const bytes = Buffer.alloc(rowsAt + keptRowBytes * objects.length);
  bytes.writeUInt32LE(objects.length, 0);
  let end = 0;
  for (const [at, { url, size, indexName, kept }] of objects.entries()) {
    end += bytes.write(url, urlsAt + end);
    bytes.writeDoubleLE(size, countBytes + 8 * at);
    bytes.writeUInt32LE(end, countBytes + 8 * objects.length + 4 * at);
    const row = bytes.subarray(rowsAt + keptRowBytes * at);
    row.set(indexName, 0);
    if (kept === undefined) continue;
    row.writeUInt32LE(kept.pack + 1, nameBytes);
    row.writeDoubleLE(kept.offset, nameBytes + 4);
    row.writeUInt32LE(kept.length, nameBytes + 12);
    row.writeUInt32LE(kept.position, nameBytes + 16);
  }
  bytes.writeUInt32LE(encoded.length, remarksAt - 4);
  bytes.set(encoded, remarksAt);
  return bytes;
}

/** How many objects a list has. */
export function objectCount(list: Uint8Array): number {
  return viewOf(list).getUint32(0, true);
}

/** What was remarked when the objects were listed. */
export function decodeRemarks(list: Uint8Array): ListingRemarks {
  const { remarksAt, rowsAt } = partsOf(list);
  // A copy, as of the URLs.
  return ListingRemarks.decode(Buffer.from(list.slice(remarksAt, rowsAt)));
}

/** Objects from `first` on, at most `count`; fewer at the end of the list. */
export function decodeObjects(list: Uint8Array, first: number, count: number): NamedObject[] {
  const { view, total, urlsAt, rowsAt } = partsOf(list);
  const objects: NamedObject[] = [];
  for (let at = first; at < Math.min(total, first + count); at++) {
    const [start, end] = [urlsAt + urlEnd(view, total, at - 1), urlsAt + urlEnd(view, total, at)];
    if (end > list.length || start > end) throw cutOff(list.length);
    // A copy: the list may lie in shared memory, which a text decoder refuses.
    const url = Buffer.from(list.slice(start, end)).toString();
    const row = rowsAt + keptRowBytes * at;
    const pack = view.getUint32(row + nameBytes, true);
    const kept = pack === 0 ? undefined : keptPlace(view, row + nameBytes, pack - 1);
    const indexName = list.slice(row, row + nameBytes);
    const size = view.getFloat64(countBytes + 8 * at, true);
    objects.push({ url, size, indexName, ...(kept && { kept }) });
  }
  return objects;
}

function keptPlace(view: DataView, at: number, pack: number): KeptPlace {
  return {
    pack,
    offset: view.getFloat64(at + 4, true),
    length: view.getUint32(at + 12, true),
    position: view.getUint32(at + 16, true),
  };
}

function partsOf(list: Uint8Array) {
  const view = viewOf(list);
  const total = view.getUint32(0, true);
  const urlsAt = countBytes + rowBytes * total;
  if (urlsAt > list.length) throw cutOff(list.length);
  const remarksAt = urlsAt + urlEnd(view, total, total - 1) + 4;
  if (remarksAt > list.length) throw cutOff(list.length);
  const rowsAt = remarksAt + view.getUint32(remarksAt - 4, true);
  if (rowsAt + keptRowBytes * total > list.length) throw cutOff(list.length);
  return { view, total, urlsAt, remarksAt, rowsAt };
}

/** Where the URL of an object ends, from where they begin. */
function urlEnd(view: DataView, total: number, at: number): number {
  return at < 0 ? 0 : view.getUint32(countBytes + 8 * total + 4 * at, true);
}

function viewOf(list: Uint8Array): DataView {
  if (list.length < countBytes) throw cutOff(list.length);
  return new DataView(list.buffer, list.byteOffset, list.byteLength);
}

function cutOff(length: number): HyperslabError {
  return new HyperslabError('INTERNAL', `object list: it is cut off at ${length} bytes`);
}
