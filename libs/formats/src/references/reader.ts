import type { FileIndex } from '@hyperslab/proto/index';
import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { parseJson } from '../json/parse-json.ts';
import { indexStore } from '../zarr/index-store.ts';
import { keysWithPrefix } from '../zarr/key-store.ts';
import { assertMetadataSize } from '../zarr/metadata-budget.ts';
import { zarrRootNames } from '../zarr/metadata-names.ts';
import { parseReferences } from './parse-references.ts';
import { referenceStore } from './reference-store.ts';

/** References to chunks in other files, as kerchunk and VirtualiZarr write them in JSON: a ready-made index in terms of Zarr. */
export const referencesReader: FormatReader = { name: 'references', recognise, index };

/** Version 1 by its members; version 0 by texts and lists under keys, of which some are metadata of Zarr. */
function recognise(head: Uint8Array): boolean {
  const text = Buffer.from(head).toString('latin1');
  if (/^\s*\{\s*"(version|templates|gen|refs)"\s*:/.test(text)) return /"refs"\s*:\s*\{/.test(text);
  const isFlat = /^\s*\{\s*"(?!metadata")[^"]*"\s*:\s*(["{]|\[\s*")/.test(text);
  return isFlat && /[{,]\s*"([^"]*\/)?(\.z(group|array|attrs)|zarr\.json)"\s*:\s*["{]/.test(text);
}

async function index({ source, version, head, storage, signal }: IndexRequest): Promise<FileIndex> {
  const { url } = source;
  if (storage === undefined) {
    throw formatUnsupported(
      url,
      0,
      'a file of references of which only it may be read',
      'publish it by its URL',
    );
  }
  assertMetadataSize(url, version.size);
  const isWhole = head.length === version.size;
  const range = { offset: 0, length: version.size };
  const [bytes] = isWhole ? [head] : await source.read([range], { signal, expect: version });
  const references = parseReferences(parseJson(bytes, url), url);
  const sorted = [...references.keys()].sort();
  const store = referenceStore(
    {
      url,
      find: (key) => references.get(key),
      keysBelow: (folder) => keysWithPrefix(sorted, folder),
    },
    storage,
    signal,
  );
  const rootKey = zarrRootNames.find((name) => references.has(name));
  const root = rootKey === undefined ? undefined : await store.read(rootKey);
  if (rootKey === undefined || root === undefined) {
    throw formatCorrupt(
      url,
      0,
      `references with one of the keys ${zarrRootNames.join(', ')}`,
      'none of them',
    );
  }
  const found = await indexStore(parseJson(root, store.url + rootKey), url, store);
  return { url, format: 'references', version, ...found, bytesRead: 0 };
}
