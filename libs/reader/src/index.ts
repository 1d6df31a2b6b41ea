export { type ChunkCache, createChunkCache } from './chunk-cache.ts';
export { readArray } from './read-array.ts';
export type { ReadRequest } from './read-request.ts';
export { readSlabs, type Slab } from './read-slabs.ts';
