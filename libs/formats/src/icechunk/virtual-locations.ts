import type { ObjectVersion, Storage } from '@hyperslab/storage';
import { formatCorrupt } from '../format-error.ts';
import { unknownVersion } from '../references/numbered-objects.ts';
import type { Checksum } from './manifest.ts';
import type { RepoInfo } from './repo-info.ts';

/**
 * Locations of virtual chunks as URLs of objects within the roots. `repo` is asked for the first that names a container;
 * `url` is the store, for messages.
 */
export class VirtualLocations {
  readonly #known = new Map<string, string>();
  readonly #storage: Storage;
  readonly #repo: () => Promise<RepoInfo | undefined>;
  readonly #url: string;
  #info?: Promise<RepoInfo | undefined>;

  constructor(storage: Storage, url: string, repo: () => Promise<RepoInfo | undefined>) {
    this.#storage = storage;
    this.#url = url;
    this.#repo = repo;
  }

  /**
   * The URL of an object: a location is a URL whose path may be percent-encoded, or `vcc://CONTAINER/PATH` with the name of a
   * container in the store's configuration. Throws FORMAT_CORRUPT, URL_INVALID, OUTSIDE_ROOTS.
   */
  async resolve(location: string): Promise<string> {
    let url = this.#known.get(location);
    if (url === undefined) {
      url = this.#storage.open(this.#keyUrl(await this.#expanded(location))).url;
      this.#known.set(location, url);
    }
    return url;
  }

  async #expanded(location: string): Promise<string> {
    const [, name, path] = /^vcc:\/\/([^/]*)\/(.*)$/is.exec(location) ?? [];
    if (name === undefined) return location;
    this.#info ??= this.#repo();
    const prefix = (await this.#info)?.container(name);
    if (prefix !== undefined) return prefix + path;
    throw formatCorrupt(this.#url, 0, `a container of virtual chunks named "${name}"`, 'none');
  }

  /** Keys of S3 are not encoded in URLs here; what follows ? or # is no part of a key or a path. */
  #keyUrl(location: string): string {
    if (!/^(s3|file):/i.test(location)) return location;
    const url = location.replace(/[?#].*$/s, '');
    if (/^file:/i.test(url)) return url;
    try {
      return url.replace(/(%[0-9a-f]{2})+/gi, decodeURIComponent);
    } catch (cause) {
      const shown = JSON.stringify(url.slice(0, 200));
      throw formatCorrupt(this.#url, 0, 'a location whose path is UTF-8, percent-encoded', shown, cause);
    }
  }
}

/** What is known of the state of an object, as our stores tell it. */
export function objectVersionOf(url: string, { etag, lastModified }: Checksum): ObjectVersion {
  if (etag !== '') return url.startsWith('file:') ? fileVersion(etag) : taggedVersion(etag);
  if (lastModified === 0) return unknownVersion;
  return { size: 0, etag: '', modifiedUs: 0, unmodifiedSinceUs: lastModified * 1e6 };
}

function taggedVersion(etag: string): ObjectVersion {
  const isQuoted = /^(W\/)?".*"$/s.test(etag);
  return { size: 0, etag: isQuoted ? etag : `"${etag}"`, modifiedUs: 0 };
}

/** Files have no entity tags: writers make them of inode, microseconds of last modification, and size, in hexadecimal. */
function fileVersion(etag: string): ObjectVersion {
  const [, modified, size] = /^"?[0-9a-f]+-([0-9a-f]{1,13})-([0-9a-f]{1,13})"?$/.exec(etag) ?? [];
  if (size === undefined) return unknownVersion;
  return { size: Number.parseInt(size, 16), etag: '', modifiedUs: Number.parseInt(modified, 16) };
}
