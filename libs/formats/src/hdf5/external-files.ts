import { contiguousChunkShape, contiguousChunks } from './contiguous-chunks.ts';
import type { ElementType } from './element-type.ts';
import type { FieldCursor } from './field-cursor.ts';
import { readLocalHeap } from './local-heap.ts';
import type { MetadataFile } from './metadata-file.ts';
import type { VariableStorage } from './variable-storage.ts';

/** A part of a dataset's bytes, which follow one another from part to part. */
interface ExternalPart {
  name: string;
  /** Offset in that file. */
  offset: number;
  length: number;
}

/** Parses an external data files message (HDF5 File Format Specification 3.0, IV.A.2.h). Throws FORMAT_CORRUPT. */
async function readParts(file: MetadataFile, message: FieldCursor): Promise<ExternalPart[]> {
  message.version('external data files message', 1);
  message.skip(5);
  const count = message.uint16();
  const heap = await readLocalHeap(file, message.definedAddress('the names of external files'));
  return Array.from({ length: count }, () => ({
    name: heap.text(message.lengthField()),
    offset: message.lengthField(),
    length: message.lengthUnlessUnlimited() ?? Number.MAX_SAFE_INTEGER,
  }));
}

/**
 * Layout and chunk table of a dataset whose bytes lie in other files; why they can't be had, as text: a file is not there
 * or too short, or a chunk would lie in two.
 */
export async function readExternal(
  file: MetadataFile,
  message: FieldCursor,
  element: ElementType,
  shape: readonly number[],
): Promise<VariableStorage | string> {
  if (element.dtype === 'string') return 'its texts are in external files';
  const parts = await readParts(file, message.fresh());
  const chunkShape = contiguousChunkShape(shape, element.width);
  const chunks = { offsets: [] as number[], lengths: [] as number[], skippedCodecs: [] };
  const numbers: number[] = [];
  let [part, start] = [0, 0];
  for (const { offset, length } of contiguousChunks(shape, chunkShape, element.width)) {
    while (part < parts.length && offset >= start + parts[part].length) start += parts[part++].length;
    if (part === parts.length) return `its external files have ${start} bytes, fewer than it`;
    const { name, offset: first, length: partLength } = parts[part];
    if (offset + length > start + partLength) return 'a chunk of it would lie in two external files';
    const other = await file.others.find(name);
    if ('why' in other) return `its external file ${other.why}`;
    const at = first + offset - start;
    if (at + length > other.version.size)
      return `its external file ${name} has ${other.version.size} bytes only`;
    chunks.offsets.push(at);
    chunks.lengths.push(length);
    numbers.push(other.object);
  }
  const layout = {
    storedDtype: element.dtype,
    chunkShape,
    codecs: [...element.stored.codecs],
    edgeChunksPadded: false,
  };
  return { layout, chunks: { ...chunks, objects: { numbers } } };
}
