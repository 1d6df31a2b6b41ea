import { baseName, publicName } from '../cf/names.ts';

/**
 * Names that are unique in a dataset. Things with one key share a name; things that would share a name but not a key
 * get the group path before it, then `__2`, `__3`.
 */
export class NameTable {
  #byKey = new Map<string, string>();
  #taken = new Set<string>();

  /** The name of a thing: the first of `wanted` that is free, or the last of them with a number. */
  nameFor(key: string, wanted: readonly string[]): string {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    let name = wanted.find((candidate) => !this.#taken.has(candidate));
    const last = wanted[wanted.length - 1];
    for (let number = 2; name === undefined; number++) {
      if (!this.#taken.has(`${last}__${number}`)) name = `${last}__${number}`;
    }
    this.#byKey.set(key, name);
    this.#taken.add(name);
    return name;
  }

  /** The name of a thing that has one. */
  get(key: string): string | undefined {
    return this.#byKey.get(key);
  }
}

/** Names of a dimension, the wanted first: "time", "forecast/time". */
export function dimensionNames(path: string): string[] {
  return [...new Set([baseName(path), publicName(path)])];
}
