import { HyperslabError } from '@hyperslab/errors';
import { cancelled } from '../cancelled.ts';
import type { ListedObject } from '../store.ts';
import type { S3Access } from './s3-access.ts';
import { s3SdkError } from './s3-error.ts';

/** Objects of a bucket whose key begins with a prefix, in S3's order (UTF-8), page by page as they are consumed. */
export async function* listS3(
  bucket: string,
  prefix: string,
  access: S3Access,
  signal?: AbortSignal,
): AsyncIterable<ListedObject & { key: string }> {
  const url = `s3://${bucket}/${prefix}`;
  let token: string | undefined;
  do {
    const page = await listPage(url, bucket, prefix, token, access, signal);
    for (const { Key: key, Size: size = 0, ETag: etag = '', LastModified: modified } of page.Contents ?? []) {
      // Consoles make empty objects whose key ends in a slash, to show folders.
      if (key === undefined || key.endsWith('/')) continue;
      // HTTP's Last-Modified, which it is compared with, has whole seconds.
      const modifiedUs = modified === undefined ? 0 : Math.floor(modified.getTime() / 1000) * 1_000_000;
      yield { url: `s3://${bucket}/${key}`, key, size, etag, modifiedUs };
    }
    const next = page.IsTruncated ? page.NextContinuationToken : undefined;
    // Taken for the end, it would leave out what is on the pages to come; taken again, there would be none.
    if (page.IsTruncated && (next === undefined || next === token)) throw endless(url);
    token = next;
  } while (token !== undefined);
}

async function listPage(
  url: string,
  bucket: string,
  prefix: string,
  token: string | undefined,
  access: S3Access,
  signal?: AbortSignal,
) {
  try {
    const client = await access.client();
    const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix,
      ContinuationToken: token,
      RequestPayer: access.requestPayer,
    });
    return await client.send(command, { abortSignal: signal });
  } catch (error) {
    throw signal?.aborted ? cancelled(signal) : s3SdkError(url, error);
  }
}

function endless(url: string): HyperslabError {
  return new HyperslabError(
    'STORAGE_UNAVAILABLE',
    `${url}: the store lists a page and does not say where the next one begins; try again, or name the objects`,
    { url },
  );
}
