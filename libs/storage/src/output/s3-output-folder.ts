import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { assertForeignKey } from '../object-key.ts';
import { s3ObjectStore } from '../s3/s3-object-store.ts';
import type { ObjectStore } from '../store.ts';
import { alreadyThere } from './output-file.ts';
import type { OutputFolder, OutputFolderOptions } from './output-folder.ts';

/** Says that a writer is or was at work below a prefix, and which one. */
const sign = '.hyperslab-unfinished';

/**
 * A prefix of a bucket. What is put lies under its own name at once; readers know it by the last objects, which come when all is there.
 * What a killed writer left is known by its sign and removed by the next.
 */
export async function s3OutputFolder(
  bucket: string,
  key: string,
  { overwrite = false, marks, env = process.env, signal }: OutputFolderOptions,
): Promise<OutputFolder> {
  const store = s3ObjectStore(bucket, key, env, assertForeignKey);
  const mayHold = await assertFree(store, overwrite, marks, signal);
  const writer = randomUUID();
  await store.put(sign, new TextEncoder().encode(writer), signal);
  // First that by which readers know what is there: they find it whole or not at all.
  if (mayHold) await removeAll(store, marks, signal);
  let committed = false;
  return {
    scratchBeside: join(tmpdir(), `hyperslab-${writer}`),
    put: (own, bytes) => store.put(own, bytes, signal),
    async commit(last) {
      await assertOwn(store, writer, signal);
      for (const object of last) await store.put(object.key, object.bytes, signal);
      committed = true;
      await store.delete(sign, signal);
      await store.close();
    },
    async discard() {
      if (committed) return;
      // Whoever took over removes what is there, and has put the first of its own.
      if (await isOwn(store, writer)) {
        await removeAll(store, []);
        await store.delete(sign);
      }
      await store.close();
    },
  };
}

/** Throws INVALID_ARGUMENT when something is there that is not to be removed; answers whether there is something that is. */
async function assertFree(
  store: ObjectStore,
  overwrite: boolean,
  marks: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> {
  const isLeft = await store.has(sign, signal);
  let isMarked = false;
  for (const mark of marks) isMarked ||= await store.has(mark, signal);
  if (isMarked && !overwrite) throw alreadyThere(store.url);
  if (isLeft || isMarked) return true;
  for await (const { url } of store.list('', signal))
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `${store.url}: there are other objects below it, as ${url}, which stay; choose another prefix`,
      { url: store.url },
    );
  return false;
}

/** Removes all but the sign, so that who is killed while doing so leaves what the next one knows. */
async function removeAll(store: ObjectStore, first: readonly string[], signal?: AbortSignal): Promise<void> {
  for (const key of first) await store.delete(key, signal);
  for await (const { url } of store.list('', signal)) {
    const key = url.slice(store.url.length);
    if (key !== sign) await store.delete(key, signal);
  }
}

async function isOwn(store: ObjectStore, writer: string): Promise<boolean> {
  try {
    const [bytes] = await store.open(sign).read([{ offset: 0, length: writer.length }]);
    return new TextDecoder().decode(bytes) === writer;
  } catch {
    return false;
  }
}

async function assertOwn(store: ObjectStore, writer: string, signal?: AbortSignal): Promise<void> {
  if (await isOwn(store, writer)) return;
  if (signal?.aborted) throw signal.reason;
  throw new HyperslabError(
    'OBJECT_CHANGED',
    `${store.url}: another writer took it over meanwhile; write to a prefix of its own`,
    { url: store.url },
  );
}
