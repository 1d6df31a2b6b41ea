import picomatch from 'picomatch';

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
 * all that is below. Names that begin with a dot match only where the pattern has the dot, but for those of `hidden`.
 */
export function parseGlob(pattern: string, hidden: readonly string[] = []): Glob {
  const whole = pattern.endsWith('/') ? `${pattern}**` : pattern;
  const wildcard = whole.search(/[*?{]/);
  const base = whole.slice(0, whole.lastIndexOf('/', wildcard) + 1);
  const rest = whole.slice(base.length);
  const options = { nobracket: true, noextglob: true, nonegate: true };
  const matchesRest = picomatch(rest, options);
  const folders = folderMatchers(rest, options);
  return {
    base,
    matches(path) {
      const below = path.slice(base.length);
      return path.startsWith(base) && (matchesRest(below) || matchesRest(shown(below, hidden)));
    },
    mayHold(folder) {
      const names = folder.slice(base.length).split('/');
      if (folders === undefined) return names.every((name) => !name.startsWith('.'));
      return names.length <= folders.length && names.every((name, i) => folders[i](name));
    },
  };
}

/** The path as a wildcard takes it: a hidden name that is wanted stands there without its dot. */
function shown(path: string, hidden: readonly string[]): string {
  const start = path.lastIndexOf('/') + 1;
  if (path[start] !== '.' || !hidden.includes(path.slice(start))) return path;
  return path.slice(0, start) + path.slice(start + 1);
}

/** A matcher for each folder of the pattern; undefined when its depth is not fixed. */
function folderMatchers(
  rest: string,
  options: picomatch.PicomatchOptions,
): ((name: string) => boolean)[] | undefined {
  if (rest.includes('**') || /\{[^}]*\//.test(rest)) return undefined;
  return rest
    .split('/')
    .slice(0, -1)
    .map((name) => picomatch(name, options));
}
