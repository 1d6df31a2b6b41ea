import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chooseEncoding, compress, type Encoding } from './compress.ts';

/** A file of the page as it is sent. */
interface PageFile {
  body: Uint8Array;
  headers: Record<string, string>;
}

/** The files of the built page. */
export interface PageFiles {
  /** Whether there are any. */
  isBuilt: boolean;
  /** A file by its path below the page, "" for the page itself; undefined for all that was not built. */
  file(path: string, accepted: string | null | undefined): Promise<PageFile | undefined>;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/**
 * Reads a built page into memory, once: some hundred kilobytes. A request can name no file that was not found then, so
 * that no path leads out of the folder. Each is compressed when it is first asked for.
 */
export async function loadPageFiles(folder: string): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = new Map<string, StoredFile>();
  for (const entry of entries.filter((each) => each.isFile() && !each.name.startsWith('.'))) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    files.set(path, new StoredFile(path, await readFile(join(folder, path))));
  }
  return {
    isBuilt: files.has('index.html'),
    file: async (path, accepted) => files.get(path === '' ? 'index.html' : path)?.answer(accepted),
  };
}

class StoredFile {
  readonly #bytes: Uint8Array;
  readonly #headers: Record<string, string>;
  readonly #encoded = new Map<Encoding, Promise<Uint8Array>>();

  constructor(path: string, bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#headers = {
      'content-type': mediaTypes[extname(path)] ?? 'application/octet-stream',
      // Names of assets have a hash of their content; the page itself is asked for again each time.
      'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`,
      vary: 'accept-encoding',
    };
  }

  async answer(accepted: string | null | undefined): Promise<PageFile> {
    const encoding = chooseEncoding(accepted, this.#bytes.length);
    const body = this.#encoded.get(encoding) ?? compress(this.#bytes, encoding, 'small');
    this.#encoded.set(encoding, body);
    const encoded: Record<string, string> = encoding === 'identity' ? {} : { 'content-encoding': encoding };
    return { body: await body, headers: { ...this.#headers, ...encoded } };
  }
}
