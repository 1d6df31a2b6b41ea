import { parseDapUrl } from '@hyperslab/dap';
import { HyperslabError } from '@hyperslab/errors';
import { Agent } from 'undici';
import { dapSource } from './dap/dap-source.ts';
import { FileHandles } from './file/file-handles.ts';
import { fileSource } from './file/file-source.ts';
import { listFiles } from './file/list-files.ts';
import type { ReadAtOnce } from './file/read-open-file.ts';
import { isGlob, parseGlob } from './glob.ts';
import { httpObject } from './http/http-object.ts';
import { lookupElsewhere } from './http/link-local.ts';
import { rangeSource } from './http/range-source.ts';
import { Limiter } from './limiter.ts';
import { type Location, parseLocation, urlInvalid } from './location.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
import { parseRoots } from './roots.ts';
import { listS3 } from './s3/list-s3.ts';
import { createS3Access, type S3Environment } from './s3/s3-access.ts';
import { s3Object } from './s3/s3-object.ts';
import type { ByteSource, ListedObject, ListOptions, Storage } from './store.ts';

export interface StorageOptions {
  /** What may be read: absolute paths and URLs; each allows all below it. */
  roots: readonly string[];
  /** Where S3's settings are read from; the process's environment unless given. */
  env?: S3Environment;
  /** How requests over a network are tried again. */
  retry?: RetryPolicy;
  /** How bytes of files that are in memory are read; without it all are read by way of other threads. */
  readAtOnce?: ReadAtOnce;
}

// Node may have as many open files as the system lets it at all, 4096 at least: these, idle ones included, are for each of a worker's threads. A run of
// some hundred files is read again and again without opening them anew.
const filesAtOnce = 64;
const filesKept = 256;

// Of URLs that were read and found to be within the roots.
const locationsKept = 4096;

// Node reads files on four threads; a few more keep them busy. A server gets as many connections as a browser with
// several tabs would open.
const fileReadsAtOnce = 8;
const requestsAtOnce = 24;

// An OPeNDAP server reads and cuts what it answers; many have a few processes.
const dapRequestsAtOnce = 8;

// The longest chunk over a slow line. One that never ends would keep one of these requests from all others.
const dapAnswerMs = 120_000;

/** Storage over files, HTTP and S3 that opens and lists only what is within the roots. Throws URL_INVALID for a root. */
export function createStorage(options: StorageOptions): Storage {
  const roots = parseRoots(options.roots);
  const files = {
    roots: roots.files,
    handles: new FileHandles({ capacity: filesKept, idleMs: 10_000 }),
    files: new Limiter(filesAtOnce),
    reads: new Limiter(fileReadsAtOnce),
    readAtOnce: options.readAtOnce,
  };
  // Not HTTP/2: undici ends an idle session by an error that nobody can catch, and with it the process.
  const agent = new Agent({
    connections: requestsAtOnce,
    connect: { timeout: 10_000, lookup: lookupElsewhere() },
    allowH2: false,
  });
  const network = { limiter: new Limiter(requestsAtOnce), retry: options.retry ?? defaultRetryPolicy };
  const limiter = new Limiter(dapRequestsAtOnce);
  const dap = { ...network, dispatcher: agent, limiter, answerMs: dapAnswerMs, assertAllowed };
  const s3 = createS3Access(options.env ?? process.env);

  function locate(url: string): Location {
    const location = parseLocation(url);
    roots.assertAllowed(location);
    return location;
  }

  // The objects of a run are read again and again, chunk by chunk.
  const located = new Map<string, Location>();

  function locateKept(url: string): Location {
    let location = located.get(url);
    if (location !== undefined) return location;
    location = locate(url);
    if (located.size >= locationsKept) located.clear();
    located.set(url, location);
    return location;
  }

  function assertAllowed(url: string): void {
    locate(url);
  }

  function open(url: string): ByteSource {
    const target = parseDapUrl(url);
    if (target !== undefined) {
      return dapSource({ ...target, dataSet: locate(target.dataSet).url }, dap);
    }
    const location = locateKept(url);
    if (location.kind === 'file') return fileSource(location.url, location.path, files);
    if (location.kind === 's3') {
      const { bucket, key } = location;
      return rangeSource(s3Object(location.url, bucket, key, s3, agent), network);
    }
    return rangeSource(httpObject(location.url, agent, assertAllowed), network);
  }

  async function* list(
    pattern: string,
    signal?: AbortSignal,
    options?: ListOptions,
  ): AsyncIterable<ListedObject> {
    if (parseDapUrl(pattern) !== undefined) {
      const source = open(pattern);
      yield { url: source.url, ...(await source.stat(signal)) };
      return;
    }
    const location = parseLocation(pattern);
    let found = 0;
    for await (const object of listLocation(location, signal, options)) {
      found++;
      yield object;
    }
    if (found === 0) throw nothingFound(pattern);
  }

  function listLocation(
    location: Location,
    signal?: AbortSignal,
    options?: ListOptions,
  ): AsyncIterable<ListedObject> {
    if (location.kind === 'file') {
      roots.assertAllowed(location);
      return listFiles(location.path, roots.files, signal, options);
    }
    if (location.kind === 's3') return listBucket(location, signal, options);
    return listHttp(location.url, signal);
  }

  async function* listBucket(
    { bucket, key, url }: Location & { kind: 's3' },
    signal?: AbortSignal,
    options?: ListOptions,
  ): AsyncIterable<ListedObject> {
    if (!isGlob(key) && key !== '' && !key.endsWith('/')) {
      yield { url, ...(await open(url).stat(signal)) };
      return;
    }
    const glob = parseGlob(key === '' ? '**' : key, options);
    roots.assertAllowed({ kind: 's3', bucket, key: glob.base, url });
    for await (const object of listS3(bucket, glob.base, s3, signal)) {
      const { key: found, ...listed } = object;
      if (glob.matches(found)) yield listed;
    }
  }

  async function* listHttp(url: string, signal?: AbortSignal): AsyncIterable<ListedObject> {
    const { pathname } = new URL(url);
    if (/[*{]|%7B/i.test(pathname) || pathname.endsWith('/')) {
      throw urlInvalid(url, 'a web server lists no objects; expected the URL of each object');
    }
    yield { url, ...(await open(url).stat(signal)) };
  }

  return {
    open,
    list,
    async close() {
      await Promise.all([files.handles.close(), agent.close()]);
      s3.close();
    },
  };
}

function nothingFound(pattern: string): HyperslabError {
  return new HyperslabError('OBJECT_NOT_FOUND', `${pattern}: no object matches; check the URL`, {
    url: pattern,
  });
}
