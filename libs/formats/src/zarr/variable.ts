import type { Codec, Layout } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import { arrayAttributes } from './attributes.ts';
import type { ChunkStore } from './key-store.ts';
import { chunkGrid, keyGrid, type LocatedChunks, locateChunks } from './locate-chunks.ts';
import { readTexts, whyNotInline } from './string-values.ts';
import type { ZarrArray } from './zarr-array.ts';

/** What one index may take of memory, in rows of chunk tables. */
const mostRows = 4 * 1024 * 1024;

/** Entries of the indexes of all shards of an array: these reach beyond it, how far is up to the metadata. */
const mostEntries = 4 * mostRows;

/** On a server that lists nothing, each chunk takes a request. */
const mostAskedKeys = 64 * 1024;

const mostChunkBytes = 2 ** 32 - 1;

/** The bits of a mask of skipped codecs (ChunkTable.skipped_codecs). */
const mostSkippable = 32;

/** How many rows and requests the index of a store still may take. */
export class IndexBudget {
  #rows = mostRows;
  #keys = mostAskedKeys;

  /** Takes them; false when there are not as many left. */
  claim(rows: number, askedKeys: number): boolean {
    if (rows > this.#rows || askedKeys > this.#keys) return false;
    this.#rows -= rows;
    this.#keys -= askedKeys;
    return true;
  }
}

/** An array as a variable of an index: described, and its chunks located where its values can be computed. */
export async function indexArray(
  name: string,
  folder: string,
  array: ZarrArray,
  dimensions: string[],
  store: ChunkStore,
  budget: IndexBudget,
): Promise<IndexedVariable> {
  const { element, shape } = array;
  const variable: IndexedVariable = {
    name,
    dtype: element.dtype,
    dimensions,
    shape,
    attributes: arrayAttributes(array),
    ...fillOf(array),
    notComputable: '',
    contentSha256: '',
  };
  const reason = array.notComputable || whyTooLarge(array, store, budget);
  if (reason !== '') return { ...variable, notComputable: reason };
  const located = await locateChunks(array, folder, store);
  const layout = layoutOf(array);
  const undecodable = inflateMembers(layout.codecs, located, array);
  if (undecodable !== '') return { ...variable, notComputable: undecodable };
  if (element.dtype !== 'string') return { ...variable, layout, chunks: located.chunks };
  const inlineValues = await readTexts(array, layout, located, store, folder);
  if (inlineValues !== undefined) return { ...variable, inlineValues };
  return { ...variable, notComputable: 'its texts are too long to be read with the index' };
}

function whyTooLarge(array: ZarrArray, store: ChunkStore, budget: IndexBudget): string {
  const { shape, chunkShape, element, sharding } = array;
  const width = Math.max(1, element.width);
  if (product(shape) * width > Number.MAX_SAFE_INTEGER) return 'it has more than 2^53 bytes';
  const chunkBytes = product(chunkShape) * width;
  if (chunkBytes > mostChunkBytes) return `its chunks of ${chunkBytes} bytes are larger than 4 GiB`;
  const shardElements = product(sharding?.shardShape ?? []);
  if (shardElements > Number.MAX_SAFE_INTEGER) return 'its shards have more than 2^53 elements';
  const entries =
    sharding === undefined ? 0 : product(keyGrid(array)) * (shardElements / product(chunkShape));
  if (entries > mostEntries) return `its shards have room for ${entries} chunks, too many for an index`;
  const text = element.dtype === 'string' ? whyNotInline(array) : '';
  if (text !== '') return text;
  const rows = product(chunkGrid(array));
  const keys = store.lists ? 0 : product(keyGrid(array));
  if (budget.claim(rows, keys)) return '';
  if (keys > 0)
    return `its ${keys} chunks are too many to be asked for one by one: publish it from a store that lists`;
  return `its grid of ${rows} chunks is too large for an index`;
}

function layoutOf({ element, chunkShape, codecs }: ZarrArray): Layout {
  return { storedDtype: element.dtype, chunkShape, codecs: [...codecs], edgeChunksPadded: true };
}

/** Members of a zip archive may be deflated, each or not: a codec more, which the others skip. Why that can't be, or nothing. */
function inflateMembers(
  codecs: Codec[],
  { chunks, deflated }: LocatedChunks,
  { sharding }: ZarrArray,
): string {
  if (deflated.size === 0) return '';
  if (sharding !== undefined) return 'its shards are compressed as members of a zip archive';
  const bit = codecs.length - 1;
  if (bit >= mostSkippable) return `it has ${codecs.length} codecs`;
  codecs.push({ name: 'deflate_raw', configuration: '' });
  const isStored = (row: number) => chunks.lengths[row] > 0 && !deflated.has(row);
  chunks.skippedCodecs = chunks.lengths.map((_, row) => (isStored(row) ? (1 << bit) >>> 0 : 0));
  return '';
}

function fillOf({ fill, element }: ZarrArray): Partial<IndexedVariable> {
  if (typeof fill === 'string' || fill === undefined) return {};
  return element.dtype.endsWith('int64') ? { fillInteger: String(fill) } : { fillValue: Number(fill) };
}

function product(extents: readonly number[]): number {
  return extents.reduce((value, extent) => value * extent, 1);
}
