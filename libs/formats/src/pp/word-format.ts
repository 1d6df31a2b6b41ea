/** How a PP file was written: by which machine, and by which Fortran. */
export interface WordFormat {
  order: 'little' | 'big';
  /** Bytes of a number of headers and data. */
  wordBytes: 4 | 8;
  /** Bytes of the length before and after each Fortran record. */
  markerBytes: 4 | 8;
}

/** A header has so many words: 45 integers and 19 reals (UM documentation paper F3, "PP header"). */
export const headerWords = 64;

const widths = [
  { wordBytes: 4, markerBytes: 4 },
  { wordBytes: 8, markerBytes: 8 },
  { wordBytes: 8, markerBytes: 4 },
  { wordBytes: 4, markerBytes: 8 },
] as const;

const formats: readonly WordFormat[] = (['big', 'little'] as const).flatMap((order) =>
  widths.map((width) => ({ order, ...width })),
);

/** Which words a file is made of that begins with a header record; undefined when it begins with something else. */
export function wordFormatOf(head: Uint8Array): WordFormat | undefined {
  return formats.find((format) => {
    const { wordBytes, markerBytes } = format;
    const length = headerWords * wordBytes;
    if (head.length < length + 2 * markerBytes) return false;
    return markerAt(head, 0, format) === length && markerAt(head, markerBytes + length, format) === length;
  });
}

/** The length of a record that a marker states; NaN when it is negative or past 2^53, which no record is. */
export function markerAt(bytes: Uint8Array, at: number, { order, markerBytes }: WordFormat): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = order === 'little';
  const length = markerBytes === 4 ? view.getInt32(at, little) : Number(view.getBigInt64(at, little));
  return length >= 0 && Number.isSafeInteger(length) ? length : Number.NaN;
}
