import { folderObjectStore } from './file/folder-object-store.ts';
import { parseLocation, urlInvalid } from './location.ts';
import type { S3Environment } from './s3/s3-access.ts';
import { s3ObjectStore } from './s3/s3-object-store.ts';
import type { ObjectStore } from './store.ts';

/**
 * The object store at an absolute path, a file: URL of a folder or an s3: URL of a bucket or prefix. `env` has S3's
 * settings; the process's environment unless given. Throws URL_INVALID.
 */
export function openObjectStore(url: string, env: S3Environment = process.env): ObjectStore {
  const location = parseLocation(url);
  if (location.kind === 'file') return folderObjectStore(location.path);
  if (location.kind === 's3') return s3ObjectStore(location.bucket, location.key, env);
  throw urlInvalid(url, 'objects can not be put to a web server; expected a folder or an s3: URL');
}
