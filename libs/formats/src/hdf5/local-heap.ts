import type { FieldCursor } from './field-cursor.ts';
import type { MetadataFile } from './metadata-file.ts';

/** The names of an old-style group. */
export interface LocalHeap {
  /** Text at an offset of the heap's data. */
  text(offset: number): string;
}

/** Reads a local heap (HDF5 File Format Specification 3.0, III.D). */
export async function readLocalHeap(file: MetadataFile, address: number): Promise<LocalHeap> {
  const { offsetSize, lengthSize } = file.space;
  const header = await file.structure(address, 8 + 2 * lengthSize + offsetSize, 'a local heap', 1024);
  header.signature('HEAP');
  header.version('local heap', 0);
  header.skip(3);
  const length = header.lengthField();
  header.skip(lengthSize);
  const data = await file.structure(header.definedAddress('the names'), length, 'names of a local heap');
  return { text: (offset) => textAt(data, offset) };
}

function textAt(data: FieldCursor, offset: number): string {
  data.seek(offset);
  return data.terminatedText();
}
