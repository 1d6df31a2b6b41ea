export { createStorage, type StorageOptions } from './create-storage.ts';
export type { ReadAtOnce } from './file/read-open-file.ts';
export { Limiter } from './limiter.ts';
export { memorySource } from './memory-source.ts';
export { openObjectStore } from './open-object-store.ts';
export { createOutputFile, type OutputFile, type OutputOptions } from './output/output-file.ts';
export {
  createOutputFolder,
  type OutputFolder,
  type OutputFolderOptions,
  type OutputObject,
} from './output/output-folder.ts';
export { assertOutputAllowed } from './output/output-roots.ts';
export { openSharedOutput, type SharedOutput } from './output/shared-output.ts';
export { readHead } from './read-head.ts';
export type { RetryPolicy } from './retry.ts';
export { type CacheLimit, SharedCache } from './shared-cache.ts';
export { SharedWork } from './shared-work.ts';
export type {
  ByteRange,
  ByteSource,
  ListedObject,
  ListOptions,
  ObjectContent,
  ObjectHead,
  ObjectState,
  ObjectStore,
  ObjectVersion,
  ReadOptions,
  Storage,
  StorageRequest,
} from './store.ts';
export { withHead } from './with-head.ts';
export { noStorageCounters, withMetrics } from './with-metrics.ts';
