import { elementCount, ravel } from '@hyperslab/array';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { Limiter, type Storage } from '@hyperslab/storage';
import { folderUrl } from '../folder-url.ts';
import { formatUnsupported } from '../format-error.ts';
import type { Json, JsonObject } from '../json/parse-json.ts';
import { parseV2Array } from '../zarr/array-v2.ts';
import { chunkPlace } from '../zarr/chunk-keys.ts';
import type { KeyStore } from '../zarr/key-store.ts';
import { keyGrid } from '../zarr/locate-chunks.ts';
import { isObject, MetadataFields, wholeNumber } from '../zarr/metadata-fields.ts';
import type { ChunkKeys } from '../zarr/zarr-array.ts';
import type { Reference } from './parse-references.ts';
import { RecordCache } from './record-cache.ts';
import { type ReferenceRecord, readReferenceRecord } from './reference-record.ts';
import { referenceStore, urlBelow } from './reference-store.ts';

/** Files of a store: each takes requests, also where it is not there. */
const mostFiles = 64 * 1024;

/** A file may take a hundred megabytes while it is read. */
const readsAtOnce = 4;

/** Whether consolidated metadata stand beside references in Parquet: they say how many are in a file. */
export function hasParquetReferences(root: Json): root is JsonObject {
  return isObject(root) && root.record_size !== undefined;
}

/** How chunks of an array are counted. */
interface Counted {
  keys: ChunkKeys;
  grid: number[];
}

/**
 * References in Parquet as a store of keys (fsspec, LazyReferenceMapper): `.zmetadata` at `url` holds all metadata, and
 * `NAME/refs.N.parq` beside it the references of `record_size` chunks of an array in row-major order. Files are read when the
 * first of their chunks is located; a file that is not there holds chunks that were never written. A relative URL counts from
 * the folder that the store lies in. Throws FORMAT_CORRUPT, FORMAT_UNSUPPORTED, TOO_LARGE.
 */
export function parquetReferenceStore(
  root: JsonObject,
  url: string,
  storage: Storage,
  signal?: AbortSignal,
): KeyStore {
  const folder = folderUrl(url);
  const fields = new MetadataFields(root, url, 'the references');
  const perFile = wholeNumber(root.record_size);
  if (perFile === undefined || perFile === 0) throw fields.corrupt('record_size', 'a number of references');
  const metadata = fields.fields('metadata').object;
  const arrays = new Map<string, Counted>();
  const cache = new RecordCache();
  const reads = new Limiter(readsAtOnce);
  let files = 0;

  function counted(name: string): Counted {
    const known = arrays.get(name);
    if (known !== undefined) return known;
    const array = parseV2Array(new MetadataFields(metadata[`${name}/.zarray`], url, `/${name}`), {});
    const made = { keys: array.keys, grid: keyGrid(array) };
    files += Math.ceil(elementCount(made.grid) / perFile!);
    if (files > mostFiles) throw tooManyFiles(url, perFile!);
    arrays.set(name, made);
    return made;
  }

  function readRecord(path: string, rows: number): Promise<ReferenceRecord | undefined> {
    return cache.get(path, async () => {
      try {
        const source = storage.open(urlBelow(folder, path));
        const version = await source.stat(signal);
        const read = () => readReferenceRecord(source, version, rows, perFile!, signal);
        return await reads.run(read, signal);
      } catch (error) {
        if (isHyperslabError(error, 'OBJECT_NOT_FOUND')) return undefined;
        throw error;
      }
    });
  }

  async function find(key: string): Promise<Reference | undefined> {
    const end = nameEnd(key);
    if (end <= 0)
      throw formatUnsupported(url, 0, 'a lone array of references in Parquet', 'put it in a group');
    const name = key.slice(0, end);
    const { keys, grid } = counted(name);
    const place = chunkPlace(keys, key.slice(end + 1), grid);
    if (place === undefined) return undefined;
    const number = ravel(place, grid);
    const file = Math.floor(number / perFile!);
    const rows = Math.min(perFile!, elementCount(grid) - file * perFile!);
    return (await readRecord(`${name}/refs.${file}.parq`, rows))?.at(number % perFile!);
  }

  /** Where the name of the array of a chunk ends: keys of nested folders have slashes too. */
  function nameEnd(key: string): number {
    let end = key.lastIndexOf('/');
    while (end > 0 && metadata[`${key.slice(0, end)}/.zarray`] === undefined)
      end = key.lastIndexOf('/', end - 1);
    return end;
  }

  const store = folder.slice(0, -1);
  return referenceStore({ url: store, find, keysBelow: () => undefined }, storage, signal);
}

function tooManyFiles(url: string, perFile: number): HyperslabError {
  return new HyperslabError(
    'TOO_LARGE',
    `${url}: expected at most ${mostFiles} files of references, found more, of ${perFile} references each; write them with a larger record size`,
    { url, files: String(mostFiles) },
  );
}
