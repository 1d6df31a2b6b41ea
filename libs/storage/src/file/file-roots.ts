import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { outsideRoots } from '../outside-roots.ts';

// Thousands of small files are opened in a second; a root that is a link and gets another target counts after this.
const rootsKnownMs = 1000;

/**
 * Folders and files of this machine that may be read. What counts is where a path really leads, so that neither `..`
 * nor a symbolic link gets out.
 */
export class FileRoots {
  readonly #roots: readonly string[];
  readonly #real = new Map<string, { path: Promise<string>; until: number }>();

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
      if (isWithin(real, await this.#realRoot(root))) return;
    }
    throw outsideRoots(url);
  }

  /** A root may itself be a link, or not be there yet. */
  #realRoot(root: string): Promise<string> {
    const now = performance.now();
    const known = this.#real.get(root);
    if (known !== undefined && now < known.until) return known.path;
    const path = realpath(root).catch(() => {
      this.#real.delete(root);
      return root;
    });
    this.#real.set(root, { path, until: now + rootsKnownMs });
    return path;
  }
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
