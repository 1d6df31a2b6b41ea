import type { FileIndex } from '@hyperslab/proto/index';
import { folderUrl } from '../folder-url.ts';
import { formatUnsupported } from '../format-error.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { parseJson } from '../json/parse-json.ts';
import { hasParquetReferences, parquetReferenceStore } from '../references/parquet-references.ts';
import { indexStore } from './index-store.ts';
import { keyOfUrl, listedStore, unlistedStore } from './listed-store.ts';
import { assertMetadataSize } from './metadata-budget.ts';

/** Zarr v2 and v3, named by a root metadata object: `zarr.json`, `.zmetadata`, `.zgroup` or `.zarray`. */
export const zarrReader: FormatReader = { name: 'zarr', recognise, index };

/** JSON that says which Zarr it is; consolidated metadata of v2 say so only within, and at their end. */
function recognise(head: Uint8Array): boolean {
  if (!/^\s*\{/.test(Buffer.from(head.subarray(0, 64)).toString('latin1'))) return false;
  const text = Buffer.from(head).toString('latin1');
  return (
    /"zarr_(consolidated_)?format"\s*:\s*\d/.test(text) ||
    /^\s*\{\s*"metadata"\s*:\s*\{\s*"[^"]*\.z(group|array|attrs)"/.test(text)
  );
}

async function index({ source, version, head, storage, signal }: IndexRequest): Promise<FileIndex> {
  const { url } = source;
  assertMetadataSize(url, version.size);
  const range = { offset: 0, length: version.size };
  const isWhole = head.length === version.size;
  const [bytes] = isWhole ? [head] : await source.read([range], { signal, expect: version });
  const root = parseJson(bytes, url);
  if (storage === undefined) {
    throw formatUnsupported(
      url,
      0,
      'a Zarr store of which only one object may be read',
      'publish it by its URL',
    );
  }
  if (hasParquetReferences(root)) {
    const store = parquetReferenceStore(root, url, storage, signal);
    return { url, format: 'references', version, ...(await indexStore(root, url, store)), bytesRead: 0 };
  }
  const folder = folderUrl(url);
  const open = folder.startsWith('http') ? unlistedStore : listedStore;
  const store = await open(folder, storage, signal);
  const name = keyOfUrl(url).slice(keyOfUrl(folder).length);
  if (store.lists && !store.keysBelow('')!.includes(name)) {
    // A wildcard, say: the chunks would be missing too.
    throw formatUnsupported(url, 0, 'a folder whose listing lacks what is in it', 'give it a plain name');
  }
  const found = await indexStore(root, url, store);
  return { url, format: 'zarr', version, ...found, bytesRead: 0 };
}
