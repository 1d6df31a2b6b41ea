export { findDataSet, withFailures } from './dap/find-data-set.ts';
export type { FormatReader, IndexRequest } from './format-reader.ts';
export { canGather, gatherFile } from './gather-file.ts';
export { isIcechunkFile } from './icechunk/reader.ts';
export {
  type IcechunkReference,
  icechunkReference,
  icechunkRootNames,
  snapshotUrl,
} from './icechunk/references.ts';
export { headBytes, indexFile } from './index-file.ts';
export { type OtherChunks, readStored } from './read-stored.ts';
export { hiddenMetadataNames, zarrRootNames } from './zarr/metadata-names.ts';
