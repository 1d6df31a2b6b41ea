import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { isHyperslabError } from '@hyperslab/errors';
import { cancelled, throwIfCancelled } from '../cancelled.ts';
import { createStorage } from '../create-storage.ts';
import { assertObjectKey } from '../object-key.ts';
import type { ObjectContent, ObjectStore } from '../store.ts';
import { listS3 } from './list-s3.ts';
import { createS3Access, type S3Environment } from './s3-access.ts';
import { s3SdkError } from './s3-error.ts';

/**
 * A bucket, or a prefix of one, as an object store. S3 answers a put when the object is durable.
 * @param assertKey refuses keys; by default those that are none of ours
 */
export function s3ObjectStore(
  bucket: string,
  prefix: string,
  env: S3Environment,
  assertKey: (key: string) => void = assertObjectKey,
): ObjectStore {
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const url = `s3://${bucket}/${folder}`;
  const storage = createStorage({ roots: [url], env });
  const access = createS3Access(env);
  const open = (key: string) => {
    assertKey(key);
    return storage.open(url + key);
  };
  return {
    url,
    open,
    async put(key, content, signal) {
      assertKey(key);
      throwIfCancelled(signal);
      try {
        const client = await access.client();
        const { PutObjectCommand } = await import('@aws-sdk/client-s3');
        const target = { Bucket: bucket, Key: folder + key };
        if (content instanceof Uint8Array)
          await client.send(new PutObjectCommand({ ...target, Body: content }), { abortSignal: signal });
        else await upload(client, target, content, signal);
      } catch (error) {
        if (isHyperslabError(error)) throw error;
        throw signal?.aborted ? cancelled(signal) : s3SdkError(url + key, error);
      }
    },
    async has(key, signal) {
      try {
        await open(key).stat(signal);
        return true;
      } catch (error) {
        if (isHyperslabError(error, 'OBJECT_NOT_FOUND')) return false;
        throw error;
      }
    },
    async *list(keyPrefix, signal) {
      for await (const { key: _, ...found } of listS3(bucket, folder + keyPrefix, access, signal))
        yield found;
    },
    async delete(key, signal) {
      assertKey(key);
      throwIfCancelled(signal);
      try {
        const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
        const command = new DeleteObjectCommand({ Bucket: bucket, Key: folder + key });
        await (await access.client()).send(command, { abortSignal: signal });
      } catch (error) {
        const failure = signal?.aborted ? cancelled(signal) : s3SdkError(url + key, error);
        if (!isHyperslabError(failure, 'OBJECT_NOT_FOUND')) throw failure;
      }
    },
    async close() {
      access.close();
      await storage.close();
    },
  };
}

/** Parts of a multipart upload; S3 takes up to 10,000. */
const partBytes = 16 * 1024 * 1024;

/** In parts, of which a few are in memory. One that fails is given up: S3 shows nothing of it. */
async function upload(
  client: S3Client,
  target: { Bucket: string; Key: string },
  content: ObjectContent,
  signal?: AbortSignal,
): Promise<void> {
  const { Upload } = await import('@aws-sdk/lib-storage');
  throwIfCancelled(signal);
  const upload = new Upload({
    client,
    params: { ...target, Body: Readable.from(content.parts()) },
    partSize: Math.max(partBytes, Math.ceil(content.size / 9_000)),
    queueSize: 2,
  });
  const abort = () => void upload.abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await upload.done();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
