import type { FileIndex } from '@hyperslab/proto/index';
import type { FormatReader, IndexRequest } from '../format-reader.ts';
import { indexTree } from '../netcdf4/index-tree.ts';
import { BlockReader } from './block-reader.ts';
import { readObjectTree } from './object-tree.ts';
import { openMetadata } from './open-metadata.ts';
import { OtherFiles } from './other-files.ts';
import { findSignature } from './superblock.ts';

/**
 * HDF5 and, on top of it, NetCDF-4 (HDF5 File Format Specification, version 3.0; NetCDF-4 data model). Metadata is read by
 * byte range; chunks are only located. A file of which something can't be read is described as far as it goes, with the
 * reason beside each variable; a damaged one is refused.
 *
 * Read in this order: `block-reader` and `metadata-file` (bytes by address, in few requests and with bounded effort),
 * `superblock`, `object-header`, `object-tree` (groups and datasets), `dataset` with a file for each header message,
 * `variable-storage` with `chunk-index/` (where chunks lie), `virtual/` and `external-files` (chunks in other objects),
 * `attribute-values`; then `../netcdf4/index-tree`, with `../hdf-eos5` for what that calls dimensions.
 */
export const hdf5Reader: FormatReader = {
  name: 'hdf5',
  recognise: (head) => findSignature(head) >= 0,
  index: indexHdf5,
};

async function indexHdf5({ source, version, head, storage, signal }: IndexRequest): Promise<FileIndex> {
  const blocks = new BlockReader(source, version, head, signal);
  try {
    const others = new OtherFiles(source.url, storage, signal);
    const file = await openMetadata(blocks, others);
    const tree = await readObjectTree(file);
    const { format, root } = await indexTree(file, tree);
    const { notes } = file;
    const found = { url: source.url, format, version, root, bytesRead: blocks.bytesRead, notes };
    return { ...found, others: others.table.others() };
  } finally {
    blocks.close();
  }
}
