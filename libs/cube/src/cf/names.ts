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

/** The name that people use: "forecast/t", and "t" for what lies in the root group. */
export function publicName(path: string): string {
  return path.slice(1);
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
