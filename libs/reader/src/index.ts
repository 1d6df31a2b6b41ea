export { type ChunkCache, createChunkCache } from './cache/chunk-cache.ts';
export { type CacheShare, reserveCache, SharedChunkCache } from './cache/shared-chunk-cache.ts';
export { KeptRanges, type KeptRangesShare, openKeptRanges } from './kept-ranges/kept-ranges.ts';
export { withKeptRanges } from './kept-ranges/with-kept-ranges.ts';
export { type DecodeFetched, fetchArray, readArray } from './read-array.ts';
export type { ReadRequest } from './read-request.ts';
export { readSlabs, type Slab } from './read-slabs.ts';
