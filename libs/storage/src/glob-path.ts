import { matchesName } from './glob-name.ts';

/** The names of a path pattern without braces: `**` stands for any number of folders. */
export type GlobPath = readonly string[];

/** Splits a pattern at its slashes. A name that only begins with `**` stands for what ends so in any folder. */
export function globPath(pattern: string): GlobPath {
  return pattern.split('/').flatMap((name) => {
    const rest = name.replace(/^\*+/, '');
    if (rest.length > name.length - 2) return [name];
    return rest === '' ? ['**'] : ['**', `*${rest}`];
  });
}

/** Whether a path matches. `**` stands for no hidden folder, and at the end for at least one name. */
export function matchesPath(pattern: GlobPath, names: readonly string[]): boolean {
  let [at, next] = [0, 0];
  // Where the last `**` is, and the name that it takes next. That an earlier one takes more never helps.
  let [anyAt, taken] = [-1, 0];
  while (next < names.length) {
    if (pattern[at] === '**') {
      [anyAt, taken] = [at, next];
      at++;
      if (at === pattern.length) return names.slice(next).every(isShown);
    } else if (at < pattern.length && matchesName(pattern[at], names[next])) {
      at++;
      next++;
    } else {
      if (anyAt < 0 || !isShown(names[taken])) return false;
      taken++;
      [at, next] = [anyAt + 1, taken];
    }
  }
  return at === pattern.length;
}

/** Whether anything below a folder may match. */
export function mayHoldPath(pattern: GlobPath, folder: readonly string[]): boolean {
  for (const [i, name] of folder.entries()) {
    if (pattern[i] === '**') {
      const namesHidden = pattern.slice(i).some((name) => !isShown(name));
      return namesHidden || folder.slice(i).every(isShown);
    }
    if (i >= pattern.length - 1 || !matchesName(pattern[i], name)) return false;
  }
  return true;
}

function isShown(name: string): boolean {
  return !name.startsWith('.');
}
