import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { isHyperslabError } from '@hyperslab/errors';
import { cancelled, throwIfCancelled } from '../cancelled.ts';
import { createStorage } from '../create-storage.ts';
import { assertObjectKey } from '../object-key.ts';
import type { ObjectStore } from '../store.ts';
import { listS3 } from './list-s3.ts';
import { createS3Access, type S3Environment } from './s3-access.ts';
import { s3SdkError } from './s3-error.ts';

/** A bucket, or a prefix of one, as an object store. S3 answers a put when the object is durable. */
export function s3ObjectStore(bucket: string, prefix: string, env: S3Environment): ObjectStore {
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const url = `s3://${bucket}/${folder}`;
  const storage = createStorage({ roots: [url], env });
  const access = createS3Access(env);
  const open = (key: string) => {
    assertObjectKey(key);
    return storage.open(url + key);
  };
  return {
    url,
    open,
    async put(key, bytes, signal) {
      assertObjectKey(key);
      throwIfCancelled(signal);
      try {
        const command = new PutObjectCommand({ Bucket: bucket, Key: folder + key, Body: bytes });
        await (await access.client()).send(command, { abortSignal: signal });
      } catch (error) {
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
      assertObjectKey(key);
      throwIfCancelled(signal);
      try {
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
