import type { TaskRecord } from '@hyperslab/proto/scheduler';

/** Records in all; a record takes some 300 bytes. */
const kept = 6_000;
/** So many records in each tenth of a second, so that those of a busy second are of all its parts. */
const perSlice = 20;
const sliceMs = 100;

/** What ended lately: a number for each try, a record for as many as there is room for. */
export class TaskStream {
  /** Tries that ended so far: the number of the latest. */
  ended = 0;
  readonly #records: TaskRecord[] = [];
  #oldest = 0;
  #slice = 0;
  #inSlice = 0;

  /** So many tries ended; `describe` makes the record of one of them, from 0 on, when there is room for it. */
  add(nowMs: number, count: number, describe: (number: number, at: number) => TaskRecord): void {
    const slice = Math.floor(nowMs / sliceMs);
    if (slice !== this.#slice) this.#inSlice = 0;
    this.#slice = slice;
    for (let at = 0; at < count && this.#inSlice < perSlice; at++)
      this.#keep(describe(this.ended + at + 1, at));
    this.ended += count;
  }

  #keep(record: TaskRecord): void {
    this.#inSlice++;
    if (this.#records.length < kept) this.#records.push(record);
    else {
      this.#records[this.#oldest] = record;
      this.#oldest = (this.#oldest + 1) % kept;
    }
  }

  /** The latest records after a number, at most so many, oldest first. */
  after(number: number, most: number): TaskRecord[] {
    const found: TaskRecord[] = [];
    for (let back = 1; back <= this.#records.length && found.length < most; back++) {
      const record = this.#records.at((this.#oldest - back) % this.#records.length) as TaskRecord;
      if (record.number <= number) break;
      found.push(record);
    }
    return found.reverse();
  }
}
