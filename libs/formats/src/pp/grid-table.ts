import { HyperslabError } from '@hyperslab/errors';
import { hasDatedRows } from './axis-codes.ts';
import { datesOf } from './calendar.ts';
import { parseExtraData } from './extra-data.ts';
import { GridFields } from './field-sets.ts';
import { gridOf } from './grid.ts';
import type { PpField } from './read-fields.ts';
import type { FieldStorage } from './storage.ts';
import type { WordFormat } from './word-format.ts';

/** Values of coordinates that one file may have, over all its grids: no honest file has a tenth of them. */
const mostAxisValues = 1024 * 1024;

/** Sets that one file may have: no model has a tenth of so many parameters. */
const mostSets = 16 * 1024;

/** The grids of a file, each with its fields. */
export class GridTable {
  readonly #url: string;
  readonly #words: WordFormat;
  readonly #byWords = new Map<string, GridFields>();
  readonly #byName = new Map<string, GridFields>();
  #axisValues = 0;
  #sets = 0;

  constructor(url: string, words: WordFormat) {
    this.#url = url;
    this.#words = words;
  }

  /** The grids in the order of their first fields. */
  get grids(): Iterable<GridFields> {
    return this.#byName.values();
  }

  /**
   * Adds a field to those of its grid. Throws FORMAT_CORRUPT for extra data that do not fit, TOO_LARGE past a million
   * values of coordinates or 16,384 sets.
   */
  add(field: PpField, storage: FieldStorage): void {
    if (this.#gridOf(field, storage.shape).add(field, storage)) this.#sets++;
    if (this.#sets > mostSets) throw this.#tooLarge(field.offset, `${mostSets} kinds of fields`);
  }

  /** The grid of a field. Fields mostly share theirs: it is made once for equal words of header and extra data. */
  #gridOf({ header, extra, offset, dataBytes }: PpField, shape: [number, number]): GridFields {
    const { lbcode, lbproc, bplat, bplon, bzy, bdy, bzx, bdx, bmdi } = header;
    const stored =
      extra === undefined ? '' : Buffer.from(extra.buffer, extra.byteOffset, extra.length).toString('latin1');
    // Rows of time series may be times between the dates.
    const dates = hasDatedRows(header) ? JSON.stringify(datesOf(header)) : '';
    const key = [...shape, dates, lbcode, lbproc, bplat, bplon, bzy, bdy, bzx, bdx, bmdi, stored].join(' ');
    const known = this.#byWords.get(key);
    if (known !== undefined) return known;
    this.#count(shape, offset);
    const vectors =
      extra === undefined ? {} : parseExtraData(extra, this.#words, this.#url, offset + dataBytes);
    const grid = gridOf(header, vectors, shape);
    const fields = this.#byName.get(grid.name) ?? new GridFields(grid);
    this.#byName.set(grid.name, fields);
    this.#byWords.set(key, fields);
    return fields;
  }

  #count([rows, columns]: [number, number], offset: number): void {
    this.#axisValues += rows + columns;
    if (this.#axisValues > mostAxisValues) {
      throw this.#tooLarge(offset, `${mostAxisValues} values of coordinates`);
    }
  }

  #tooLarge(offset: number, expected: string): HyperslabError {
    return new HyperslabError(
      'TOO_LARGE',
      `${this.#url} at byte ${offset}: expected at most ${expected} in a file, found more; is it damaged?`,
      { url: this.#url, offset: String(offset) },
    );
  }
}
