import { FileRoots } from './file/file-roots.ts';
import { type Location, parseLocation } from './location.ts';
import { outsideRoots } from './outside-roots.ts';

/** What an operator allows to be read: folders, files, servers or parts of them, buckets or parts of them. */
export interface Roots {
  readonly files: FileRoots;
  /** Throws OUTSIDE_ROOTS. For a file this looks at its name only; where links lead is checked when it is opened. */
  assertAllowed(location: Location): void;
}

/** Reads roots, each an absolute path or URL; one of a folder allows all below it. Throws URL_INVALID. */
export function parseRoots(texts: readonly string[]): Roots {
  const locations = texts.map(parseLocation);
  const files = new FileRoots(
    locations.flatMap((root) => (root.kind === 'file' ? [withoutSlash(root.path)] : [])),
  );
  return {
    files,
    assertAllowed(location) {
      if (location.kind === 'file') files.assertLooksAllowed(location.url, withoutSlash(location.path));
      else if (!locations.some((root) => allows(root, location))) throw outsideRoots(location.url);
    },
  };
}

function allows(root: Location, location: Location): boolean {
  if (root.kind === 'http' && location.kind === 'http') {
    return root.origin === location.origin && isBelow(location.path, root.path);
  }
  if (root.kind === 's3' && location.kind === 's3') {
    return root.bucket === location.bucket && isBelow(location.key, root.key);
  }
  return false;
}

/** Whether a path is a root or below it; "run1" is not below "run". */
function isBelow(path: string, root: string): boolean {
  const folder = root.replace(/\/$/, '');
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** A path of a file system; the topmost folder stays a slash. */
function withoutSlash(path: string): string {
  return path === '/' ? path : path.replace(/\/$/, '');
}
