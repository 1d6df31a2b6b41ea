/**
 * Whether a name matches a pattern of `*`, `?` and other characters, which stand for themselves. A dot at the beginning must be
 * in the pattern. In time proportional to the product of both lengths at most.
 */
export function matchesName(pattern: string, name: string): boolean {
  if (name === '' || (name.startsWith('.') && !pattern.startsWith('.'))) return name === pattern;
  let [at, next] = [0, 0];
  // Where the last star is, and the character that it takes next. That an earlier one takes more never helps.
  let [starAt, taken] = [-1, 0];
  while (next < name.length) {
    if (pattern[at] === '*') {
      [starAt, taken] = [at, next];
      at++;
    } else if (pattern[at] === '?' || pattern[at] === name[next]) {
      at++;
      next++;
    } else {
      if (starAt < 0) return false;
      taken++;
      [at, next] = [starAt + 1, taken];
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
