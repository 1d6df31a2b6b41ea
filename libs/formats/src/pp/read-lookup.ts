import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { IndexRequest } from '../format-reader.ts';
import { fixedWord } from './fieldsfile.ts';
import { headerBytes, type PpHeader, parseHeader } from './header.ts';
import { packingOf } from './packing.ts';
import type { PpField } from './read-fields.ts';
import { headerWords, type WordFormat } from './word-format.ts';

/** Places in the fixed-length header, counted from 1 (UM documentation paper F3, section 2.1). */
const places = { kind: 5, lookup: 150, entryWords: 151, entries: 152, data: 160 };

/** Kinds of file whose lookup tells of fields: dumps, means of dumps, fieldsfiles, ancillaries. */
const fieldKinds = [1, 2, 3, 4];

const boundaries = 5;

/** LBYR of the first entry that is not in use. */
const unused = -99;

/** What of the lookup table is read at once. */
const windowBytes = 4 * 1024 * 1024;

/**
 * Reads the lookup table of a file that the Unified Model itself wrote: a header for each field, which says where its data lie (UM
 * documentation paper F3, sections 2.1 and 4.1). No values are read, and extra data are not looked for. Throws FORMAT_CORRUPT,
 * FORMAT_UNSUPPORTED and what the source throws.
 */
export async function readLookup(request: IndexRequest, words: WordFormat): Promise<PpField[]> {
  const { source, version, signal, head } = request;
  const { wordBytes } = words;
  const { start, entryBytes, entries } = lookupOf(head, words, version.size, source.url);
  const layout = new DataLayout(words, wordBytes * (fixedWord(head, places.data, words) - 1));
  const fields: PpField[] = [];
  const perWindow = Math.max(1, Math.floor(windowBytes / entryBytes));
  for (let first = 0; first < entries; first += perWindow) {
    const count = Math.min(perWindow, entries - first);
    const from = start + first * entryBytes;
    const range = { offset: from, length: count * entryBytes };
    const [bytes] = await source.read([range], { signal, expect: version });
    for (let at = 0; at < bytes.length; at += entryBytes) {
      const header = parseHeader(bytes.subarray(at, at + headerBytes(words)), from + at, words, source.url);
      if (header.lbyr === unused) return fields;
      const place = layout.place(header);
      if (place === undefined || !(place.offset >= 0 && place.offset + place.recordBytes <= version.size)) {
        const { lbegin, lbnrec, lblrec, lbpack } = header;
        throw formatCorrupt(
          source.url,
          from + at,
          `a field within ${version.size} bytes that begins where its records do`,
          `LBEGIN ${lbegin}, LBNREC ${lbnrec}, LBLREC ${lblrec}, LBPACK ${lbpack}`,
        );
      }
      const { offset, recordBytes } = place;
      fields.push({ header, offset, recordBytes, dataBytes: recordBytes, extra: undefined });
    }
  }
  return fields;
}

/** Where the lookup table lies; bytes. */
function lookupOf(
  head: Uint8Array,
  words: WordFormat,
  size: number,
  url: string,
): { start: number; entryBytes: number; entries: number } {
  const [kind, first, entryWords, entries] = [
    places.kind,
    places.lookup,
    places.entryWords,
    places.entries,
  ].map((place) => fixedWord(head, place, words));
  if (!fieldKinds.includes(kind)) {
    const name = kind === boundaries ? 'a lateral boundary' : 'an observation';
    const what = `${name} file of the Unified Model (kind ${kind})`;
    throw formatUnsupported(url, words.wordBytes * (places.kind - 1), what, 'convert it to netCDF');
  }
  const start = words.wordBytes * (first - 1);
  const entryBytes = words.wordBytes * entryWords;
  const isWhole =
    first > 0 && entryWords >= headerWords && entries > 0 && start + entries * entryBytes <= size;
  if (!isWhole) {
    throw formatCorrupt(
      url,
      words.wordBytes * (places.lookup - 1),
      `a lookup table of entries of ${headerWords} words within ${size} bytes`,
      `${entries} entries of ${entryWords} words from word ${first}`,
    );
  }
  return { start, entryBytes, entries };
}

/** Where the data of fields lie, which follow each other in the order of their headers where these do not say. */
class DataLayout {
  readonly #words: WordFormat;
  /** Where the data of the next field would begin if they followed each other. */
  #next: number;

  constructor(words: WordFormat, start: number) {
    this.#words = words;
    this.#next = start;
  }

  /** Bytes of a field's data; undefined when it is not clear where they are. LBNREC is the room that they have, 0 in files that are not in records. */
  place(header: PpHeader): { offset: number; recordBytes: number } | undefined {
    const { wordBytes } = this.#words;
    const { lbegin, lblrec, lbnrec } = header;
    if (lblrec < 0) return undefined;
    const { method } = packingOf(header);
    // Of packed fields the data tell; those of 32 bits count words of 32 bits.
    const stated = lblrec * (method === 2 ? 4 : wordBytes);
    const room = lbnrec * wordBytes;
    const follows = this.#next;
    this.#next += Math.ceil(stated / wordBytes) * wordBytes;
    if (lbnrec > 0) {
      const recordBytes = method === 1 ? room : stated;
      return recordBytes <= room ? { offset: lbegin * wordBytes, recordBytes } : undefined;
    }
    // What LBEGIN counts from where there are no records is not the same in all files.
    const isClear = lbegin === 0 || lbegin * wordBytes === follows;
    return isClear && method !== 1 ? { offset: follows, recordBytes: stated } : undefined;
  }
}
