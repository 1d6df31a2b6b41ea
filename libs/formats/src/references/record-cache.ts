import type { ReferenceRecord } from './reference-record.ts';

/** Records are asked for one after another, some at once: what was read last is kept, up to so many rows or records. */
const mostRows = 1024 * 1024;
const mostRecords = 64;

/** The records that were read last, by name. The first one is let go first. */
export class RecordCache {
  readonly #records = new Map<string, { rows: number; record: Promise<ReferenceRecord | undefined> }>();
  #rows = 0;

  /** The record of a name; `load` reads it when it is not there. */
  get(
    name: string,
    rows: number,
    load: () => Promise<ReferenceRecord | undefined>,
  ): Promise<ReferenceRecord | undefined> {
    const known = this.#records.get(name);
    if (known !== undefined) return known.record;
    const record = load();
    this.#records.set(name, { rows, record });
    this.#rows += rows;
    for (const [oldest, { rows: freed }] of this.#records) {
      // Two are in use where one ends and the next begins.
      if (this.#records.size <= 2 || (this.#rows <= mostRows && this.#records.size <= mostRecords)) break;
      this.#records.delete(oldest);
      this.#rows -= freed;
    }
    return record;
  }
}
