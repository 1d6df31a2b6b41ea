import type { ReferenceRecord } from './reference-record.ts';

/** Records are asked for one after another, some at once: what was read last is kept, up to so many bytes or records. */
const mostBytes = 64 * 1024 * 1024;
const mostRecords = 64;

interface KeptRecord {
  record: Promise<ReferenceRecord | undefined>;
  /** 0 while it is read. */
  bytes: number;
}

/** The records that were read last, by name. The first one is let go first. */
export class RecordCache {
  readonly #records = new Map<string, KeptRecord>();
  #bytes = 0;

  /** The record of a name; `load` reads it when it is not there. */
  get(name: string, load: () => Promise<ReferenceRecord | undefined>): Promise<ReferenceRecord | undefined> {
    const known = this.#records.get(name);
    if (known !== undefined) return known.record;
    const kept: KeptRecord = { record: load(), bytes: 0 };
    this.#records.set(name, kept);
    this.#letGo();
    const weigh = (record: ReferenceRecord | undefined) => {
      if (record === undefined || this.#records.get(name) !== kept) return;
      kept.bytes = record.bytes;
      this.#bytes += record.bytes;
      this.#letGo();
    };
    // Who asked for it hears of its failure.
    kept.record.then(weigh, () => undefined);
    return kept.record;
  }

  #letGo(): void {
    for (const [oldest, { bytes }] of this.#records) {
      // Two are in use where one ends and the next begins.
      if (this.#records.size <= 2 || (this.#bytes <= mostBytes && this.#records.size <= mostRecords)) break;
      this.#records.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}
