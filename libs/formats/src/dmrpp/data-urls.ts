import type { Storage } from '@hyperslab/storage';

/** Stands for the data file's URL, which the server that has the sidecar puts in. */
const placeholder = 'OPeNDAP_DMRpp_DATA_ACCESS_URL';

/** URLs of data files of a sidecar at a URL; they are only checked to lie within the roots. */
export class DataUrls {
  readonly #known = new Map<string, string>();
  readonly #storage: Storage;
  readonly #url: string;
  readonly #href: string;
  readonly #name: string;

  /** `href` and `name` are those of the whole document. */
  constructor(storage: Storage, url: string, href: string, name: string) {
    this.#storage = storage;
    // A signature in the query is of the sidecar only, and may have slashes.
    this.#url = /^https?:/i.test(url) ? url.replace(/[?#].*$/s, '') : url;
    this.#href = href;
    this.#name = name;
  }

  /** The URL of an object by its reference, or that of the whole document. Throws URL_INVALID, OUTSIDE_ROOTS. */
  resolve(href: string | undefined): string {
    const reference = href ?? this.#href;
    let url = this.#known.get(reference);
    if (url === undefined) {
      url = this.#storage.open(this.#absolute(reference)).url;
      this.#known.set(reference, url);
    }
    return url;
  }

  #absolute(reference: string): string {
    if (reference === '' || reference === placeholder) return this.#beside();
    if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return reference;
    const [, origin = ''] = /^((?:https?|s3):\/\/[^/]+)/i.exec(this.#url) ?? [];
    if (reference.startsWith('/')) return origin + reference;
    // Keys of S3 are not encoded in URLs here.
    return this.#sibling(this.#url.startsWith('s3:') ? reference : decoded(reference));
  }

  /** `x.nc` of `x.nc.dmrpp`; where the sidecar's name has no other ending, the name that it says. */
  #beside(): string {
    const stem = this.#url.replace(/(\.dap)?\.dmrpp$/i, '');
    const file = stem.slice(stem.lastIndexOf('/') + 1);
    const isNamed = stem !== this.#url && (file.includes('.') || this.#name === '');
    return isNamed ? stem : this.#sibling(this.#name.slice(this.#name.lastIndexOf('/') + 1));
  }

  /** An object by its path beside the sidecar, which is not encoded. */
  #sibling(path: string): string {
    const folder = this.#url.slice(0, this.#url.lastIndexOf('/') + 1);
    return folder + (folder.startsWith('s3:') ? path : path.split('/').map(encodeURIComponent).join('/'));
  }
}

/** A path without its percent-encoding; as it is where it has none. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
