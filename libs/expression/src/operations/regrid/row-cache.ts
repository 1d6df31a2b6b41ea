/** Bytes of weights, and of what makes them, that a thread keeps. */
let mostBytes = 128 * 2 ** 20;

interface Entry {
  value: unknown;
  bytes: number;
}

const entries = new Map<string, Entry>();
/** Keys of what does not go. */
const inUse = new Set<string>();
let held = 0;

/** Bounds what this thread keeps. */
export function boundRows(bytes: number): void {
  mostBytes = bytes;
  keepWithin(mostBytes);
}

/**
 * What was made for a key, which tells all that it depends on: the weights between two grids are those of every step and
 * level, and of other jobs. The least recently used go first, before what comes in their place is made; what is larger than the bound is not kept.
 * @param making bytes that making it takes at most
 */
export function keptRows<T>(key: string, making: number, make: () => { value: T; bytes: number }): T {
  const known = entries.get(key);
  if (known === undefined) keepWithin(Math.max(0, mostBytes - making));
  else entries.delete(key);
  const entry = known ?? make();
  if (known === undefined) held += entry.bytes;
  entries.set(key, entry);
  keepWithin(mostBytes);
  return entry.value as T;
}

/**
 * What is kept for a key, or will be, does not go before this is disposed of, whatever is made meanwhile: what many share is made once
 * for them, even where it and one of them are beyond the bound together. It counts, and others go before.
 */
export function holdRows(key: string): Disposable {
  inUse.add(key);
  return {
    [Symbol.dispose]() {
      inUse.delete(key);
      keepWithin(mostBytes);
    },
  };
}

/** Lets half of what is kept go: memory is short. */
export function keepFewerRows(): void {
  keepWithin(held / 2);
}

/** Bytes that are held now. */
export function keptBytes(): number {
  return held;
}

function keepWithin(bytes: number): void {
  for (const [oldest, entry] of entries) {
    if (held <= bytes) break;
    if (inUse.has(oldest)) continue;
    entries.delete(oldest);
    held -= entry.bytes;
  }
}
