import { formatCorrupt, formatUnsupported } from '../format-error.ts';
import type { IndexRequest } from '../format-reader.ts';
import { headerBytes, type PpHeader, parseHeader } from './header.ts';
import { LookAhead } from './look-ahead.ts';
import { markerAt, type WordFormat } from './word-format.ts';

/** Extra data are a few vectors along the axes; a field that claims more of them is read without. */
const mostExtraBytes = 4 * 1024 * 1024;

/** A field as it lies in its file. */
export interface PpField {
  header: PpHeader;
  /** Offset of the data in the object. */
  offset: number;
  /** Bytes of the data record: data, and after them the extra data. */
  recordBytes: number;
  /** Bytes of the data. */
  dataBytes: number;
  /** The extra data as stored (UM documentation paper F3, "Extra data"); undefined when they are too many to be read. */
  extra: Uint8Array | undefined;
}

/**
 * Reads all headers of a PP file, and the extra data, but no values. A file is pairs of Fortran records, of a header and of
 * its data, each between two equal lengths (UM documentation paper F3, "PP files"). Throws FORMAT_CORRUPT,
 * FORMAT_UNSUPPORTED and what the source throws.
 */
export async function readFields(request: IndexRequest, words: WordFormat): Promise<PpField[]> {
  const { source, version } = request;
  const { markerBytes, wordBytes } = words;
  const look = new LookAhead(request);
  const fields: PpField[] = [];
  // The header record and the length before the data.
  const leadBytes = 3 * markerBytes + headerBytes(words);
  let position = 0;
  let lead = await look.read(0, leadBytesWithin(leadBytes, 0), 0);
  for (;;) {
    const header = headerAt(lead, position);
    const offset = position + leadBytes;
    const recordBytes = dataLength(lead, offset);
    const extraBytes = header.lbext > 0 ? header.lbext * wordBytes : 0;
    if (extraBytes > recordBytes) {
      throw formatCorrupt(
        source.url,
        offset,
        `a data record that holds ${header.lbext} words of extra data`,
        `one of ${recordBytes} bytes`,
      );
    }
    const isReadable = extraBytes <= mostExtraBytes;
    const end = offset + recordBytes;
    const from = isReadable ? end - extraBytes : end;
    const next = end + markerBytes;
    const tail = await look.read(from, next - from + leadBytesWithin(leadBytes, next), next - position);
    checkLength(tail, end - from, end, recordBytes);
    const extra = isReadable ? tail.slice(0, extraBytes) : undefined;
    fields.push({ header, offset, recordBytes, dataBytes: recordBytes - extraBytes, extra });
    if (next === version.size) return fields;
    position = next;
    lead = tail.subarray(next - from);
  }

  /** How much of the next header record there is: nothing at the end of the file. */
  function leadBytesWithin(wanted: number, at: number): number {
    const left = version.size - at;
    if (left === 0 || left >= wanted) return Math.min(left, wanted);
    throw formatCorrupt(
      source.url,
      at,
      `a header record of ${headerBytes(words)} bytes`,
      `${left} bytes left`,
    );
  }

  function headerAt(bytes: Uint8Array, at: number): PpHeader {
    const length = headerBytes(words);
    for (const marker of [0, markerBytes + length]) checkLength(bytes, marker, at + marker, length);
    return parseHeader(
      bytes.subarray(markerBytes, markerBytes + length),
      at + markerBytes,
      words,
      source.url,
    );
  }

  function checkLength(bytes: Uint8Array, at: number, place: number, length: number): void {
    const found = markerAt(bytes, at, words);
    if (found !== length) {
      throw formatCorrupt(source.url, place, `the length ${length} of a Fortran record`, String(found));
    }
  }

  function dataLength(bytes: Uint8Array, offset: number): number {
    const length = markerAt(bytes, leadBytes - markerBytes, words);
    if (Number.isNaN(length)) {
      throw formatUnsupported(
        source.url,
        offset - markerBytes,
        'a Fortran record in several parts',
        'write fields of less than 2 GiB',
      );
    }
    if (length > version.size - offset - markerBytes) {
      throw formatCorrupt(
        source.url,
        offset,
        `a data record of ${length} bytes and its length`,
        `${version.size - offset} bytes left`,
      );
    }
    return length;
  }
}
