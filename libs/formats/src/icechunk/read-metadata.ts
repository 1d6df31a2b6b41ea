import { isHyperslabError } from '@hyperslab/errors';
import type { Storage } from '@hyperslab/storage';
import { assertMetadataSize } from '../zarr/metadata-budget.ts';

/** All of a metadata file of a store. Throws TOO_LARGE for one that no honest store has. */
export async function readMetadata(url: string, storage: Storage, signal?: AbortSignal): Promise<Uint8Array> {
  const source = storage.open(url);
  const version = await source.stat(signal);
  assertMetadataSize(url, version.size);
  const range = { offset: 0, length: version.size };
  return (await source.read([range], { signal, expect: version }))[0];
}

/** The same; undefined when it is not there. S3 denies what is not there to those who may not list. */
export async function readIfThere(
  url: string,
  storage: Storage,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    return await readMetadata(url, storage, signal);
  } catch (error) {
    if (isHyperslabError(error, 'OBJECT_NOT_FOUND') || isHyperslabError(error, 'ACCESS_DENIED'))
      return undefined;
    throw error;
  }
}
