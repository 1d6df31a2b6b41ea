import type { Datatype, StringPadding } from './datatype.ts';
import type { FieldCursor } from './field-cursor.ts';
import { parseGlobalHeapId, readGlobalHeapObject } from './global-heap.ts';
import type { MetadataFile } from './metadata-file.ts';
import { decodeText } from './text.ts';

/** Reads the next `count` texts of a fixed or variable-length string type. */
export async function readStrings(
  file: MetadataFile,
  cursor: FieldCursor,
  type: Datatype & { class: 'string' | 'vlen' },
  count: number,
): Promise<string[]> {
  if (type.class === 'string') {
    const fixed: string[] = [];
    for (let i = 0; i < count; i++) fixed.push(decodeText(unpadded(cursor.bytes(type.size), type.padding)));
    return fixed;
  }
  const ids = Array.from({ length: count }, () => parseGlobalHeapId(cursor));
  const texts: string[] = [];
  // One after another: neighbours lie in the same collection, and what is in memory stays one text.
  for (const id of ids) {
    const object = await readGlobalHeapObject(file, id);
    const bytes =
      object === undefined ? new Uint8Array(0) : object.bytes(Math.min(id.count, object.remaining));
    texts.push(decodeText(unpadded(bytes, type.padding)));
  }
  return texts;
}

/** The content of a string field, without what fills it up. */
function unpadded(bytes: Uint8Array, padding: StringPadding): Uint8Array {
  if (padding === 'terminated') {
    const end = bytes.indexOf(0);
    return end < 0 ? bytes : bytes.subarray(0, end);
  }
  const filler = padding === 'space' ? 0x20 : 0;
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === filler) end--;
  return bytes.subarray(0, end);
}
