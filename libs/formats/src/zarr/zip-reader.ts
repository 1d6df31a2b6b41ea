import type { FileIndex } from '@hyperslab/proto/index';
import { formatCorrupt } from '../format-error.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { parseJson } from '../json/parse-json.ts';
import { indexStore } from './index-store.ts';
import { zipStore } from './zip-store.ts';

/** Zarr of either version in a zip archive: stored members are byte ranges of the archive, deflated ones have a codec more. */
export const zarrZipReader: FormatReader = {
  name: 'zarr in zip',
  recognise: (head) =>
    head.length >= 4 && Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PK\x03\x04',
  index,
};

async function index({ source, version, signal }: IndexRequest): Promise<FileIndex> {
  const { url } = source;
  const { store, rootKey } = await zipStore(source, version, signal);
  const root = await store.read(rootKey);
  if (root === undefined) throw formatCorrupt(url, 0, `member "${rootKey}"`, 'none');
  const found = await indexStore(parseJson(root, store.url + rootKey), url, store);
  return { url, format: 'zarr', version, ...found, bytesRead: 0 };
}
