import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { outsideRoots } from '../outside-roots.ts';

/**
 * Folders and files of this machine that may be read. What counts is where a path really leads, so that neither `..`
 * nor a symbolic link gets out.
 */
export class FileRoots {
  readonly #roots: readonly string[];

  constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /** Throws OUTSIDE_ROOTS for a normal absolute path that does not even look to be within a root. */
  assertLooksAllowed(url: string, path: string): void {
    if (!this.#roots.some((root) => isWithin(path, root))) throw outsideRoots(url);
  }

  /** Throws OUTSIDE_ROOTS for a real path (links resolved) that is not within a root. */
  async assertAllowed(url: string, real: string): Promise<void> {
    for (const root of this.#roots) {
      if (isWithin(real, await realRoot(root))) return;
    }
    throw outsideRoots(url);
  }
}

/** A root may itself be a link, or not be there yet. */
async function realRoot(root: string): Promise<string> {
  return realpath(root).catch(() => root);
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
