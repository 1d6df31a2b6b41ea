import type { DataLayout } from '../data-layout.ts';
import type { FieldCursor } from '../field-cursor.ts';
import { readGlobalHeapObject } from '../global-heap.ts';
import { verifyChecksum } from '../lookup3.ts';
import type { MetadataFile } from '../metadata-file.ts';
import { parseSelection, type Selection } from './selection.ts';

/** Elements of a virtual dataset that are those of another, in the same order. */
export interface Mapping {
  /** Name of the source file; "." is the file itself. */
  file: string;
  /** Path of the source dataset. */
  dataset: string;
  source: Selection;
  virtual: Selection;
}

// Version, and checksum.
const shortestBlock = 5;

// Each may be a file that is looked for.
const mostMappings = 65_536;

/** The mappings of a virtual dataset (HDF5 File Format Specification 3.0, VII.B), or why they can't be read. Throws FORMAT_CORRUPT. */
export async function readMappings(
  file: MetadataFile,
  layout: DataLayout & { kind: 'virtual' },
): Promise<Mapping[] | string> {
  const { address, index } = layout;
  if (address === undefined) return [];
  const block = await readGlobalHeapObject(file, { count: 1, address, index });
  if (block === undefined) return [];
  const bytes = block.peekRest();
  if (bytes.length < shortestBlock)
    throw block.corrupt('the mappings of a virtual dataset', `${bytes.length} bytes`);
  const version = block.uint8();
  if (version > 1) return `its mappings are of version ${version}`;
  verifyChecksum(file.url, block.base, bytes, 'the mappings of a virtual dataset');
  const count = block.lengthField();
  // Flags or names, and two selections of 16 bytes at the least.
  if (count * 33 > block.remaining) {
    throw block.corrupt(`${count} mappings of a virtual dataset`, `${block.remaining} bytes left`);
  }
  if (count > mostMappings) return `it has ${count} mappings`;
  const mappings: Mapping[] = [];
  while (mappings.length < count) mappings.push(parseMapping(file, block, version, mappings));
  return mappings;
}

// Of version 1, which HDF5 2.0 writes: names that are those of a mapping before, and the file itself.
const flag = { sharedFile: 1, sharedDataset: 2, sameFile: 4 };

function parseMapping(
  metadata: MetadataFile,
  cursor: FieldCursor,
  version: number,
  before: readonly Mapping[],
): Mapping {
  const flags = version === 0 ? 0 : cursor.uint8();
  const shared = () => {
    const number = cursor.lengthField();
    if (number < before.length) return before[number];
    throw cursor.corrupt(`a mapping before number ${before.length}`, `number ${number}`);
  };
  const fileName = () => ((flags & flag.sharedFile) !== 0 ? shared().file : cursor.terminatedText());
  const file = (flags & flag.sameFile) !== 0 ? '.' : fileName();
  const dataset = (flags & flag.sharedDataset) !== 0 ? shared().dataset : cursor.terminatedText();
  const selection = () => parseSelection(cursor, (count) => metadata.claimSpans(count));
  return { file, dataset, source: selection(), virtual: selection() };
}
