/**
 * Decoded pages, a few of them: a selection touches chunks in order, so it uses the same page again and again. Calls
 * for one page while it is fetched share the fetch.
 */
export class PageCache {
  readonly #limit: number;
  #pages = new Map<string, Promise<unknown>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get<T>(key: string, fetch: () => Promise<T>): Promise<T> {
    const known = this.#pages.get(key) as Promise<T> | undefined;
    if (known !== undefined) {
      // The order of the map is that of last use.
      this.#pages.delete(key);
      this.#pages.set(key, known);
      return known;
    }
    const page = fetch();
    this.#pages.set(key, page);
    page.catch(() => this.#pages.delete(key));
    if (this.#pages.size > this.#limit) this.#pages.delete(this.#pages.keys().next().value as string);
    return page;
  }
}
