import { HyperslabError } from '@hyperslab/errors';
import type { FileIndex, Group } from '@hyperslab/proto/index';
import { formatUnsupported } from '../format-error.ts';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { textAttributes } from './attributes.ts';
import { type ExtraData, parseExtraData } from './extra-data.ts';
import { type FieldRow, fieldRow, fieldSets } from './field-sets.ts';
import { isFieldsfile } from './fieldsfile.ts';
import { gridOf, type PpGrid } from './grid.ts';
import { gridGroup } from './grid-group.ts';
import { readLandMask } from './land-mask.ts';
import { type PpField, readFields } from './read-fields.ts';
import { storageOf } from './storage.ts';
import { type WordFormat, wordFormatOf } from './word-format.ts';

/** Values of coordinates that one file may have, over all its grids: no honest file has a tenth of them. */
const mostAxisValues = 1024 * 1024;

/**
 * PP files of the Met Office: a sequence of fields, in either byte order and of words of 32 or 64 bits. The files that the
 * Unified Model itself writes have the same fields in another order of bytes; they are recognised and refused.
 */
export const ppReader: FormatReader = {
  name: 'pp',
  recognise: (head) => wordFormatOf(head) !== undefined || isFieldsfile(head),
  index,
};

async function index(request: IndexRequest): Promise<FileIndex> {
  const { source, version, head } = request;
  const words = wordFormatOf(head);
  if (words === undefined) {
    throw formatUnsupported(source.url, 0, 'a fieldsfile of the Unified Model', 'convert it to PP or netCDF');
  }
  const fields = await readFields(request, words);
  const mask = await readLandMask(request, fields, words);
  const grids = new GridTable(source.url, words);
  const notes: string[] = [];
  for (const field of fields) {
    const storage = storageOf(field, words, mask);
    if (storage === undefined) {
      const { lbrow, lbnpt } = field.header;
      notes.push(`the field at byte ${field.offset} was left out: its shape is ${lbrow} × ${lbnpt}`);
    } else {
      const { grid, rows } = grids.of(field, storage.shape);
      rows.push(fieldRow(field, storage, grid));
    }
  }
  return {
    url: source.url,
    format: 'pp',
    version,
    root: {
      name: '',
      attributes: sourceAttributes(fields),
      dimensions: [],
      variables: [],
      groups: grids.groups(),
    },
    bytesRead: 0,
    notes: [...notes, ...grids.notes()],
  };
}

interface GridRows {
  grid: PpGrid;
  rows: FieldRow[];
}

/** The grids of a file, each with its fields. */
class GridTable {
  readonly #url: string;
  readonly #words: WordFormat;
  readonly #byWords = new Map<string, GridRows>();
  readonly #byName = new Map<string, GridRows>();
  #axisValues = 0;

  constructor(url: string, words: WordFormat) {
    this.#url = url;
    this.#words = words;
  }

  /** The grid of a field. Fields mostly share theirs: it is made once for equal words of header and extra data. */
  of({ header, extra, offset, dataBytes }: PpField, shape: [number, number]): GridRows {
    const { lbcode, lbproc, bplat, bplon, bzy, bdy, bzx, bdx, bmdi } = header;
    const stored = Buffer.from(extra ?? []).toString('latin1');
    const key = [...shape, lbcode, lbproc, bplat, bplon, bzy, bdy, bzx, bdx, bmdi, stored].join(' ');
    const known = this.#byWords.get(key);
    if (known !== undefined) return known;
    this.#count(shape, offset);
    const vectors: ExtraData =
      extra === undefined ? {} : parseExtraData(extra, this.#words, this.#url, offset + dataBytes);
    const grid = gridOf(header, vectors, shape);
    const entry = this.#byName.get(grid.name) ?? { grid, rows: [] };
    this.#byName.set(grid.name, entry);
    this.#byWords.set(key, entry);
    return entry;
  }

  #count([rows, columns]: [number, number], offset: number): void {
    this.#axisValues += rows + columns;
    if (this.#axisValues <= mostAxisValues) return;
    throw new HyperslabError(
      'TOO_LARGE',
      `${this.#url} at byte ${offset}: expected at most ${mostAxisValues} values of coordinates in a file, found more; is it damaged?`,
      { url: this.#url, offset: String(offset) },
    );
  }

  /** A group for each grid, and below it one for each kind of level, STASH code and processing. */
  groups(): Group[] {
    return [...this.#byName.values()].map(({ grid, rows }) => {
      const byGroup = new Map<string, FieldRow[]>();
      for (const row of rows) {
        const group = byGroup.get(row.group);
        if (group === undefined) byGroup.set(row.group, [row]);
        else group.push(row);
      }
      const groups = Array.from(
        byGroup,
        ([name, members]): Group => ({
          name: `@${name}`,
          attributes: [],
          dimensions: [],
          variables: [],
          groups: [],
          fields: { sets: fieldSets(members) },
        }),
      );
      return { ...gridGroup(grid), groups };
    });
  }

  notes(): string[] {
    return [...this.#byName.values()].flatMap(({ grid }) =>
      grid.notes.map((note) => `grid ${grid.name}: ${note}`),
    );
  }
}

/** What made the file, where all its fields say the same: the model and its version, by LBSRCE. */
function sourceAttributes(fields: readonly PpField[]) {
  const sources = new Set(fields.map(({ header }) => header.lbsrce));
  const [lbsrce] = sources;
  if (sources.size > 1 || lbsrce % 10_000 !== unifiedModel) return [];
  const version = Math.floor(lbsrce / 10_000);
  const text = version < 100 ? undefined : `${Math.floor(version / 100)}.${version % 100}`;
  return textAttributes({ source: 'Data from Met Office Unified Model', um_version: text });
}

/** Last digits of LBSRCE in files of the Unified Model. */
const unifiedModel = 1111;
