import { closeFile, type OpenFile } from './open-file.ts';

interface CachedFile {
  file: Promise<OpenFile>;
  /** What `file` came to, once it has. */
  opened?: OpenFile;
  users: number;
  /** Closed by its last user instead of being kept. */
  retired: boolean;
  idleTimer?: NodeJS.Timeout;
}

export interface FileHandlesOptions {
  /** Files beyond so many are closed as soon as nobody reads them. */
  capacity: number;
  /** A file that nobody read for so long is closed. */
  idleMs: number;
}

/** Open files by path: opening and checking a file costs more than a small read from it. */
export class FileHandles {
  readonly #options: FileHandlesOptions;
  readonly #files = new Map<string, CachedFile>();

  constructor(options: FileHandlesOptions) {
    this.#options = options;
  }

  /** Calls `body` with the open file of a path; it stays open until the body has ended. */
  async use<T>(
    path: string,
    open: () => Promise<OpenFile>,
    body: (file: OpenFile) => Promise<T>,
  ): Promise<T> {
    const cached = this.#files.get(path) ?? this.#add(path, open());
    clearTimeout(cached.idleTimer);
    cached.users++;
    try {
      return await body(await cached.file);
    } catch (error) {
      this.#retire(path, cached);
      throw error;
    } finally {
      cached.users--;
      this.#letGo(path, cached);
    }
  }

  /** The file of a path, if it is open. */
  peek(path: string): Promise<OpenFile> | undefined {
    return this.#files.get(path)?.file;
  }

  /** The file of a path, if it is open by now: it is at least until others had a turn. */
  opened(path: string): OpenFile | undefined {
    return this.#files.get(path)?.opened;
  }

  /** Forgets the file of a path: the next use opens it again. */
  forget(path: string): void {
    const cached = this.#files.get(path);
    if (cached === undefined) return;
    this.#retire(path, cached);
    this.#letGo(path, cached);
  }

  /** Closes every file that nobody reads, and the others when their readers have ended. */
  async close(): Promise<void> {
    const closing = [...this.#files.values()].map((cached) => cached.file);
    for (const path of [...this.#files.keys()]) this.forget(path);
    await Promise.allSettled(closing);
  }

  #add(path: string, file: Promise<OpenFile>): CachedFile {
    const cached: CachedFile = { file, users: 0, retired: false };
    this.#files.set(path, cached);
    const known = (opened: OpenFile) => {
      cached.opened = opened;
    };
    file.then(known, () => undefined);
    return cached;
  }

  #retire(path: string, cached: CachedFile): void {
    cached.retired = true;
    if (this.#files.get(path) === cached) this.#files.delete(path);
  }

  #letGo(path: string, cached: CachedFile): void {
    if (cached.users > 0) return;
    if (!cached.retired && this.#files.size > this.#options.capacity) this.#retire(path, cached);
    clearTimeout(cached.idleTimer);
    if (cached.retired) void closeQuietly(cached.file);
    else {
      cached.idleTimer = setTimeout(() => this.forget(path), this.#options.idleMs).unref();
    }
  }
}

// A file that failed to open was reported to who asked for it.
async function closeQuietly(file: Promise<OpenFile>): Promise<void> {
  await file.then(closeFile, () => undefined);
}
