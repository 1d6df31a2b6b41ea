import { findCodec } from '@hyperslab/codecs';
import { HyperslabError } from '@hyperslab/errors';
import { formatCorrupt } from '../format-error.ts';
import type { ChunkStore, StoredKey } from './key-store.ts';
import type { Sharding } from './zarr-array.ts';

/** Both fields of an inner chunk that was never written. */
const absent = 2n ** 64n - 1n;

const entryBytes = 16;
const checksumBytes = 4;

/** Where the inner chunks of a shard lie in it, in row-major order; absent ones have length 0. */
export interface ShardIndex {
  offsets: number[];
  lengths: number[];
}

/**
 * Reads the index of a shard of `count` inner chunks (Zarr "sharding_indexed" codec 1.0, "Binary shard format"). Throws
 * FORMAT_CORRUPT for an index or a chunk past the end of the shard, CHECKSUM_MISMATCH.
 */
export async function readShardIndex(
  store: ChunkStore,
  key: string,
  stored: StoredKey,
  sharding: Sharding,
  count: number,
): Promise<ShardIndex> {
  const url = store.url + key;
  const length = count * entryBytes + (sharding.hasChecksum ? checksumBytes : 0);
  if (length > stored.length) {
    throw formatCorrupt(url, 0, `a shard with an index of ${length} bytes`, `${stored.length} bytes`);
  }
  const start = sharding.indexLocation === 'start' ? 0 : stored.length - length;
  const bytes = await store.readPart(stored, start, length);
  return parseEntries(checked(bytes, sharding, url), sharding, stored.length, { url, start });
}

function checked(bytes: Uint8Array, { hasChecksum }: Sharding, url: string): Uint8Array {
  if (!hasChecksum) return bytes;
  try {
    return findCodec('crc32c').decode(bytes, {}, bytes.length - checksumBytes);
  } catch (error) {
    if (!(error instanceof HyperslabError)) throw error;
    const message = `${url}: index of the shard: ${error.message}`;
    throw new HyperslabError(error.reason, message, { ...error.details, url }, error);
  }
}

function parseEntries(
  bytes: Uint8Array,
  { bigEndian }: Sharding,
  shardBytes: number,
  { url, start }: { url: string; start: number },
): ShardIndex {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const index: ShardIndex = { offsets: [], lengths: [] };
  for (let at = 0; at < bytes.length; at += entryBytes) {
    const offset = view.getBigUint64(at, !bigEndian);
    const length = view.getBigUint64(at + 8, !bigEndian);
    const isAbsent = offset === absent && length === absent;
    if (!isAbsent && (length === 0n || offset + length > BigInt(shardBytes))) {
      const found = `bytes ${offset} to ${offset + length}`;
      throw formatCorrupt(url, start + at, `an inner chunk within ${shardBytes} bytes`, found);
    }
    index.offsets.push(isAbsent ? 0 : Number(offset));
    index.lengths.push(isAbsent ? 0 : Number(length));
  }
  return index;
}
