import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { type AtomicFile, createAtomicFile } from '../file/atomic-file.ts';
import { type NamelessFile, openNamelessFile } from '../file/nameless-file.ts';
import { parseLocation, urlInvalid } from '../location.ts';
import { assertForeignKey } from '../object-key.ts';
import type { S3Environment } from '../s3/s3-access.ts';
import { s3ObjectStore } from '../s3/s3-object-store.ts';
import type { ObjectContent } from '../store.ts';

export interface OutputOptions {
  /** Whether what is there under the name may be replaced; it is refused else. */
  overwrite?: boolean;
  /** S3's settings; the process's environment unless given. */
  env?: S3Environment;
  /** Ends an upload. */
  signal?: AbortSignal;
}

/** A file somewhere that is written in any order and appears whole. */
export interface OutputFile extends AtomicFile {
  /** A path on a disk that has room for what is put aside meanwhile. */
  readonly scratchBeside: string;
}

/**
 * Begins a file at an absolute path, a file: or an s3: URL. One of S3 is made without a name in the folder for temporary files
 * and goes there in parts when it is whole; S3 shows nothing of it before the last.
 * @throws HyperslabError INVALID_ARGUMENT when there is one already, URL_INVALID, ACCESS_DENIED, DISK_FULL
 */
export async function createOutputFile(url: string, options: OutputOptions = {}): Promise<OutputFile> {
  const { overwrite = false, env = process.env, signal } = options;
  const location = parseLocation(url);
  if (location.kind === 'http') throw urlInvalid(url, 'nothing can be written to a web server');
  if (location.kind === 'file') {
    const file = await createAtomicFile(location.path, { replace: overwrite });
    return { ...file, scratchBeside: location.path };
  }
  const { bucket, key } = location;
  if (key === '' || key.endsWith('/')) throw urlInvalid(url, 'expected the key of an object');
  assertForeignKey(key);
  const store = s3ObjectStore(bucket, '', env, assertForeignKey);
  const refuseIfThere = async () => {
    if (!overwrite && (await store.has(key, signal))) throw alreadyThere(location.url);
  };
  await refuseIfThere();
  const scratchBeside = join(tmpdir(), `hyperslab-${randomUUID()}`);
  const local = await openNamelessFile(scratchBeside);
  let committed = false;
  return {
    write: local.write,
    scratchBeside,
    async commit(length) {
      await refuseIfThere();
      await local.truncate(length);
      await store.put(key, contentOf(local, length), signal);
      committed = true;
      await Promise.all([local.close(), store.close()]);
    },
    async discard() {
      if (!committed) await Promise.all([local.close(), store.close()]);
    },
  };
}

const partBytes = 2 ** 20;

function contentOf(file: NamelessFile, size: number): ObjectContent {
  return {
    size,
    async *parts() {
      for (let at = 0; at < size; at += partBytes) yield await file.read(at, Math.min(partBytes, size - at));
    },
  };
}

/** What is refused without `overwrite`. */
export function alreadyThere(url: string): HyperslabError {
  const message = `${url}: is there already; choose another name, or say that it may be overwritten`;
  return new HyperslabError('INVALID_ARGUMENT', message, { url });
}
