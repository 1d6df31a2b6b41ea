import { expandBraces } from './glob-braces.ts';
import { globPath, matchesPath, mayHoldPath } from './glob-path.ts';
import type { ListOptions } from './store.ts';

/** What a listing looks for, in parts that every store can use. */
export interface Glob {
  /** The longest beginning that holds no wildcard: a folder, ending in a slash, or empty. */
  base: string;
  /** Whether a path matches. */
  matches(path: string): boolean;
  /** Whether anything below a folder (a path without a slash at its end) may match. */
  mayHold(folder: string): boolean;
}

/** True when the text holds `*`, `?` or `{`: then it stands for many paths. */
export function isGlob(pattern: string): boolean {
  return /[*?{]/.test(pattern);
}

/**
 * A pattern of `*`, `?`, `{a,b}` within a name and `**` across folders, or a prefix that ends in a slash and stands for
 * all that is below. Names that begin with a dot match only where the pattern has the dot, but for those of `hidden`; those of
 * `inFolders` match in folders that the pattern matches. Patterns may come from anyone: no path takes longer than the product
 * of its length and theirs. Throws URL_INVALID for a pattern that is too long, or whose braces stand for too many.
 */
export function parseGlob(pattern: string, { hidden = [], inFolders = [] }: ListOptions = {}): Glob {
  const whole = pattern.endsWith('/') ? `${pattern}**` : pattern;
  const wildcard = whole.search(/[*?{]/);
  const base = whole.slice(0, whole.lastIndexOf('/', wildcard) + 1);
  const rest = whole.slice(base.length);
  const patterns = expandBraces(rest).map(globPath);
  const matchesRest = (path: string) => {
    const names = path.split('/');
    return patterns.some((pattern) => matchesPath(pattern, names));
  };
  return {
    base,
    matches(path) {
      const below = path.slice(base.length);
      if (!path.startsWith(base)) return false;
      if (matchesRest(below) || matchesRest(shown(below, hidden))) return true;
      const slash = below.lastIndexOf('/');
      return slash > 0 && inFolders.includes(below.slice(slash + 1)) && matchesRest(below.slice(0, slash));
    },
    mayHold(folder) {
      const names = folder.slice(base.length).split('/');
      if (patterns.some((pattern) => mayHoldPath(pattern, names))) return true;
      return inFolders.length > 0 && matchesRest(folder.slice(base.length));
    },
  };
}

/** The path as a wildcard takes it: a hidden name that is wanted stands there without its dot. */
function shown(path: string, hidden: readonly string[]): string {
  const start = path.lastIndexOf('/') + 1;
  if (path[start] !== '.' || !hidden.includes(path.slice(start))) return path;
  return path.slice(0, start) + path.slice(start + 1);
}
