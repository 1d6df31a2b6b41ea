/** Words of 64 or 32 bits in either byte order: how a fieldsfile may be written. */
const readers: readonly ((view: DataView, word: number) => number | bigint)[] = [
  (view, word) => view.getBigInt64(8 * word, false),
  (view, word) => view.getBigInt64(8 * word, true),
  (view, word) => view.getInt32(4 * word, false),
  (view, word) => view.getInt32(4 * word, true),
];

/** Versions of the fixed-length header; ancillary files have the missing value. */
const versions = [15, 20, -32768];

/** Models: atmosphere, ocean, waves. */
const models = [1, 2, 4];

/** Whether a file begins with the fixed-length header of the Unified Model's own files (UM documentation paper F3, section 2.1). */
export function isFieldsfile(head: Uint8Array): boolean {
  if (head.length < 256 * 4) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return readers.some((read) => {
    const [version, model, vertical, horizontal, kind] = [0, 1, 2, 3, 4].map((word) =>
      Number(read(view, word)),
    );
    // What the header says of levels and grid are small codes; the kinds of file are numbered from 1 to 10.
    const isCoded = [vertical, horizontal].every((code) => code === -32768 || (code >= 0 && code < 200));
    return versions.includes(version) && models.includes(model) && isCoded && kind >= 1 && kind <= 10;
  });
}
