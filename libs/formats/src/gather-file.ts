import type { GatheredHeaders } from '@hyperslab/proto/index';
import { type ByteSource, noStorageCounters, readHead, type Storage, withMetrics } from '@hyperslab/storage';
import { GatheredBytes } from './grib/gathered-bytes.ts';
import { headBytes, readerOf } from './index-file.ts';

/** Whether a file is of a format whose headers may be gathered part by part. Throws what the source throws. */
export async function canGather(source: ByteSource, signal?: AbortSignal): Promise<boolean> {
  const { bytes } = await readHead(source, headBytes, { signal });
  return readerOf(bytes)?.gather !== undefined;
}

/**
 * Reads what indexing a file will ask for of what begins from one offset up to another: for `indexFile`, which makes the same
 * index with it as without. Gathers nothing of a file of another format. Throws what the source throws.
 */
export async function gatherFile(
  source: ByteSource,
  part: { from: number; to: number },
  { signal, storage }: { signal?: AbortSignal; storage?: Storage } = {},
): Promise<GatheredHeaders> {
  const counters = noStorageCounters();
  const counted = withMetrics(source, counters);
  const { version, bytes: head } = await readHead(counted, headBytes, { signal });
  const gathered = new GatheredBytes();
  const request = { source: counted, version, head, storage, signal, gathered };
  await readerOf(head)?.gather?.(request, part.from, part.to);
  return { ...gathered.encode(), version, bytesRead: counters.bytes };
}
