import type { BlockReader } from './block-reader.ts';
import { MetadataFile } from './metadata-file.ts';
import { messageTypes, readObjectHeader } from './object-header.ts';
import type { OtherFiles } from './other-files.ts';
import type { RowBudget } from './row-budget.ts';
import { findMessage } from './shared-message.ts';
import { readSuperblock } from './superblock.ts';

/**
 * Reads the superblock and its extension: the file is ready to be walked from its root group. `others` are the files that
 * it may name, `chunkRows` what its chunk tables may take where that is not its own. Throws FORMAT_CORRUPT, FORMAT_UNSUPPORTED.
 */
export async function openMetadata(
  blocks: BlockReader,
  others: OtherFiles,
  chunkRows?: RowBudget,
): Promise<MetadataFile> {
  const superblock = await readSuperblock(blocks);
  const file = new MetadataFile(blocks, superblock, others, chunkRows);
  file.chunkNodeK = superblock.chunkNodeK ?? file.chunkNodeK;
  if (superblock.extensionAddress !== undefined) await readExtension(file, superblock.extensionAddress);
  return file;
}

/** The superblock extension (HDF5 File Format Specification 3.0, II.C): B-tree widths and shared messages. */
async function readExtension(file: MetadataFile, address: number): Promise<void> {
  const header = await readObjectHeader(file, address);
  const k = await findMessage(file, header, messageTypes.btreeK);
  if (k !== undefined) {
    k.version('B-tree K values message', 0);
    file.chunkNodeK = k.uint16();
  }
  const table = await findMessage(file, header, messageTypes.sharedMessageTable);
  if (table === undefined) return;
  table.version('shared message table message', 0);
  await readSharedMessageTable(file, table.definedAddress('the table of shared messages'), table.uint8());
}

/** Where shared messages are kept, for each type of message that an index is for (III.I). */
async function readSharedMessageTable(file: MetadataFile, address: number, indexes: number): Promise<void> {
  const entryLength = 14 + 2 * file.space.offsetSize;
  const cursor = await file.structure(address, 4 + indexes * entryLength + 4, 'a table of shared messages');
  cursor.signature('SMTB');
  for (let i = 0; i < indexes; i++) {
    cursor.skip(2);
    const types = cursor.uint16();
    cursor.skip(10 + file.space.offsetSize);
    const heap = cursor.address();
    for (const type of sharedTypes) {
      // Old fill value messages are shared with the new ones.
      const bit = type === messageTypes.fillValueOld ? messageTypes.fillValue : type;
      if (heap !== undefined && (types & (1 << bit)) !== 0) file.sharedMessageHeaps.set(type, heap);
    }
  }
}

// The specification numbers the bits of the type flags from 0 on; the library writes bit n for message type n.
const sharedTypes = [
  messageTypes.dataspace,
  messageTypes.datatype,
  messageTypes.fillValueOld,
  messageTypes.fillValue,
  messageTypes.filterPipeline,
  messageTypes.attribute,
];
