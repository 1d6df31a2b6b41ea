export { type ChunkCache, createChunkCache } from './cache/chunk-cache.ts';
export { type CacheShare, reserveCache, SharedChunkCache } from './cache/shared-chunk-cache.ts';
export { type DecodeFetched, fetchArray, readArray } from './read-array.ts';
export type { ReadRequest } from './read-request.ts';
export { readSlabs, type Slab } from './read-slabs.ts';
