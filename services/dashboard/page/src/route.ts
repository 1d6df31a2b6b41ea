/** What the page shows; all of it is in its address, which can be passed on. */
export interface Route {
  view: 'explore' | 'cluster';
  /** "NAME@3". */
  dataset: string;
  parameter: string;
  /** An index for each dimension, "-" where none is chosen. */
  at: string;
  /** Number of the dimension along which the series runs, as text. */
  along: string;
}

const keys = ['dataset', 'parameter', 'at', 'along'] as const;

/** Reads the part of an address behind "#". */
export function parseRoute(hash: string): Route {
  const [name, query = ''] = hash.replace(/^#/, '').split('?', 2);
  const values = new URLSearchParams(query);
  const [dataset, parameter, at, along] = keys.map((key) => values.get(key) ?? '');
  return { view: name === 'cluster' ? 'cluster' : 'explore', dataset, parameter, at, along };
}

/** The part of an address behind "#". */
export function formatRoute(route: Partial<Route>): string {
  const parts = keys.flatMap((key) => {
    const value = route[key];
    // Slashes, commas and the like are themselves in a fragment: the address stays readable.
    return value
      ? [`${key}=${encodeURIComponent(value).replace(/%(2F|2C|40|3A)/g, decodeURIComponent)}`]
      : [];
  });
  return `#${route.view ?? 'explore'}${parts.length > 0 ? `?${parts.join('&')}` : ''}`;
}

/** Indices of a route for a cube; undefined where none is chosen or it is not in the cube. */
export function parseIndices(at: string, sizes: readonly number[]): (number | undefined)[] {
  const parts = at.split(',');
  return sizes.map((size, axis) => {
    const text = parts[axis] ?? '';
    return /^\d{1,15}$/.test(text) && Number(text) < size ? Number(text) : undefined;
  });
}
