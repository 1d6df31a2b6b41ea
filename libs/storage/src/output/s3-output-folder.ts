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
/** Behind the writer in its sign, once there is room: what was there before is gone. */
const isRoom = ' has room';

/**
 * A prefix of a bucket. What is put lies under its own name at once; readers know it by the last objects, which come when all is there.
 * What a killed writer left is known by its sign and removed by the next.
 */
export async function s3OutputFolder(
  bucket: string,
  key: string,
  options: OutputFolderOptions,
): Promise<OutputFolder> {
  const writer = randomUUID();
  await beginS3Folder(bucket, key, writer, options);
  return s3FolderOf(bucket, key, writer, options);
}

/** Makes room for a writer, whose sign is there from before that on. Nothing happens when there is room; what broke off goes on. */
export async function beginS3Folder(
  bucket: string,
  key: string,
  writer: string,
  { overwrite = false, marks, env = process.env, signal }: OutputFolderOptions,
): Promise<void> {
  const store = s3ObjectStore(bucket, key, env, assertForeignKey);
  try {
    if (await isOwn(store, writer + isRoom)) return;
    const text = new TextEncoder();
    const isBegun = await isOwn(store, writer);
    if (!isBegun) await assertNothingUnfinishedAbove(bucket, key, { env, signal });
    const mayHold = isBegun || (await assertFree(store, overwrite, marks, signal));
    if (!isBegun) await store.put(sign, text.encode(writer), signal);
    // First that by which readers know what is there: they find it whole or not at all.
    while (mayHold && !(await removeAll(store, writer, marks, signal)))
      await assertOwn(store, writer, signal);
    await store.put(sign, text.encode(writer + isRoom), signal);
  } finally {
    await store.close();
  }
}

/** The prefix as a writer sees it that has begun. */
export function s3FolderOf(
  bucket: string,
  key: string,
  writer: string,
  { env = process.env, signal }: OutputFolderOptions,
): OutputFolder {
  const store = s3ObjectStore(bucket, key, env, assertForeignKey);
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
      if (!committed && (await removeAll(store, writer, []))) await store.delete(sign);
      if (!committed) await store.close();
    },
  };
}

/** Whether a writer has put all, and its sign is gone. */
export async function s3FolderWasCommitted(
  bucket: string,
  key: string,
  writer: string,
  { marks, env = process.env }: OutputFolderOptions,
): Promise<boolean> {
  const store = s3ObjectStore(bucket, key, env, assertForeignKey);
  try {
    if (await isOwn(store, writer)) return false;
    for (const mark of marks) if ((await textOf(store, mark)).includes(writer)) return true;
    return false;
  } finally {
    await store.close();
  }
}

async function textOf(store: ObjectStore, key: string): Promise<string> {
  if (!(await store.has(key))) return '';
  const source = store.open(key);
  const [bytes] = await source.read([{ offset: 0, length: (await source.stat()).size }]);
  return new TextDecoder().decode(bytes);
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

/** Throws INVALID_ARGUMENT below a prefix that another writes: when that fails, all below it is removed. */
async function assertNothingUnfinishedAbove(
  bucket: string,
  key: string,
  { env = process.env, signal }: Pick<OutputFolderOptions, 'env' | 'signal'>,
): Promise<void> {
  const names = key.replace(/\/+$/, '').split('/');
  const store = s3ObjectStore(bucket, '', env, assertForeignKey);
  try {
    for (let depth = 1; depth < names.length; depth++) {
      const above = names.slice(0, depth).join('/');
      // Where nothing may be read, none of our writers is at work.
      if (!(await store.has(`${above}/${sign}`, signal).catch(() => false))) continue;
      throw new HyperslabError(
        'INVALID_ARGUMENT',
        `s3://${bucket}/${key}: a store is being written to s3://${bucket}/${above}, or was when its writer was killed; choose a prefix that is not below it`,
        { url: `s3://${bucket}/${above}` },
      );
    }
  } finally {
    await store.close();
  }
}

/**
 * Removes all but the sign, so that who is killed while doing so leaves what the next one knows. Ends as soon as another writer has
 * put its own sign, for what is there then is that one's; answers whether none has.
 */
async function removeAll(
  store: ObjectStore,
  writer: string,
  first: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> {
  const removes = async (key: string) => {
    const isOurs = await isOwn(store, writer);
    if (isOurs && key !== sign) await store.delete(key, signal);
    return isOurs;
  };
  for (const key of first) if (!(await removes(key))) return false;
  for await (const { url } of store.list('', signal))
    if (!(await removes(url.slice(store.url.length)))) return false;
  return isOwn(store, writer);
}

/** Whether the sign begins with these words. */
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
