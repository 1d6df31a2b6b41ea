import { formatCorrupt } from '../format-error.ts';
import type { ColumnChunk } from './file-metadata.ts';
import type { Page } from './page.ts';
import { NumberedValues, type StoredValue } from './plain-values.ts';

/** Values that data pages name by index (apache/parquet-format, Encodings.md, "Dictionary Encoding"), each made when it is named. */
export class Dictionary<T> {
  readonly #stored: NumberedValues;
  readonly #toValue: (value: StoredValue) => T | null;
  readonly #made = new Map<number, T | null>();

  /** From a page of it; `toValue` makes of an entry what is kept. Throws FORMAT_CORRUPT, FORMAT_UNSUPPORTED. */
  constructor(page: Page, column: ColumnChunk, url: string, toValue: (value: StoredValue) => T | null) {
    const place = { url, base: page.offset };
    this.#stored = new NumberedValues(page.bytes, column.type, page.values, place);
    this.#toValue = toValue;
  }

  /** Values of indices, from a page at `place`. Throws FORMAT_CORRUPT for one that it does not have. */
  valuesOf(indices: Uint32Array, place: { url: string; base: number }): (T | null)[] {
    return Array.from(indices, (index) => {
      const known = this.#made.get(index);
      if (known !== undefined) return known;
      if (index >= this.#stored.length)
        throw formatCorrupt(place.url, place.base, `an index below ${this.#stored.length}`, String(index));
      const value = this.#toValue(this.#stored.at(index));
      this.#made.set(index, value);
      return value;
    });
  }
}
