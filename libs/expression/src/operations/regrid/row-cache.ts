/** Bytes of weights, and of what makes them, that a thread keeps. */
const mostBytes = 128 * 2 ** 20;

interface Entry {
  value: unknown;
  bytes: number;
}

const entries = new Map<string, Entry>();
let held = 0;

/**
 * What was made for a key, which tells all that it depends on: the weights between two grids are those of every step and
 * level, and of other jobs. The least recently used go first; the last one stays, however large it is.
 */
export function keptRows<T>(key: string, make: () => { value: T; bytes: number }): T {
  const known = entries.get(key);
  const entry = known ?? make();
  if (known === undefined) held += entry.bytes;
  entries.delete(key);
  entries.set(key, entry);
  for (const [oldest, { bytes }] of entries) {
    if (held <= mostBytes || entries.size === 1) break;
    entries.delete(oldest);
    held -= bytes;
  }
  return entry.value as T;
}

/** Bytes that are held now. */
export function keptBytes(): number {
  return held;
}
