const pageTasks = 4096;

/** The arrays that pages can be. */
type PageKind = Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor;
type Page = Uint8Array | Uint16Array | Uint32Array;

/** A number for each task, of which most are alike: a page of tasks whose numbers are all alike takes no memory. */
export class PagedColumn {
  readonly #count: number;
  readonly #kind: PageKind;
  /** The number of all tasks of a page that has no array. */
  readonly #common: (number | undefined)[];
  readonly #pages: (Page | undefined)[] = [];

  /** @param initial what all tasks have; undefined where a number is never read before it is set */
  constructor(count: number, kind: PageKind, initial: number | undefined) {
    this.#count = count;
    this.#kind = kind;
    this.#common = new Array(Math.ceil(count / pageTasks)).fill(initial);
  }

  get(task: number): number {
    const page = Math.floor(task / pageTasks);
    return this.#pages[page]?.[task % pageTasks] ?? this.#common[page] ?? 0;
  }

  set(task: number, value: number): void {
    const at = Math.floor(task / pageTasks);
    const page = this.#pages[at];
    if (page !== undefined) page[task % pageTasks] = value;
    else if (this.#common[at] === undefined) this.#common[at] = value;
    else if (this.#common[at] !== value) this.#spread(at)[task % pageTasks] = value;
  }

  #spread(at: number): Page {
    const length = Math.min(pageTasks, this.#count - at * pageTasks);
    const page = new this.#kind(length).fill(this.#common[at] as number);
    this.#pages[at] = page;
    return page;
  }
}
