/** Gives out names of one file, each once. */
export class UniqueNames {
  readonly #taken = new Set<string>();

  /** The name itself, or with the first free number behind it. */
  take(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number++) name = `${wanted}_${number}`;
    this.#taken.add(name);
    return name;
  }
}
