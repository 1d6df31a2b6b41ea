/** Paths of variables and dimensions: "/time", "/forecast/level". Public names are without the first slash. */
export function joinPath(group: string, name: string): string {
  return group === '' ? `/${name}` : `${group}/${name}`;
}

/** Group of a path: "/forecast" of "/forecast/t", empty for the root. */
export function groupOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * The name that people use: "forecast/t", and "t" for what lies in the root group. Groups that a reader made up ("@" in
 * front) are no part of it.
 */
export function publicName(path: string): string {
  return withoutMadeUp(path).slice(1);
}

/** A path without the groups that a reader made up to hold apart what a file has side by side. */
export function withoutMadeUp(path: string): string {
  return path.includes('/@') ? path.replaceAll(/\/@[^/]*(?=\/)/g, '') : path;
}

/** Names that a variable may have, the wanted first: "t", "isobaricInhPa/t", "regular_ll_12/isobaricInhPa/t". */
export function variableNames(path: string): string[] {
  const parts = path.slice(1).split('/');
  const made = parts.flatMap((part, i) => (part.startsWith('@') && i < parts.length - 1 ? [i] : []));
  const names = [publicName(path)];
  for (const first of made.toReversed())
    names.push(
      parts
        .filter((part, i) => i >= first || !part.startsWith('@'))
        .map((part) => part.replace(/^@/, ''))
        .join('/'),
    );
  return names;
}

/**
 * The variable that an attribute of a variable in `group` means (CF conventions, section 2.7): a path, or a name that
 * is looked for in the group and then in those around it.
 */
export function resolveName(
  reference: string,
  group: string,
  exists: (path: string) => boolean,
): string | undefined {
  if (reference.startsWith('/')) return exists(reference) ? reference : undefined;
  for (let from = group; ; from = groupOf(from)) {
    const path = joinPath(from, reference);
    if (exists(path)) return path;
    if (from === '') return undefined;
  }
}
