export { Filling } from '../cf/fill.ts';
export { cut } from '../rechunk/fragment.ts';
export type { ResultHead } from '../result.ts';
export { defineStore } from './define-store.ts';
export { encodeZarrChunk } from './encode-chunk.ts';
export { chunkKey, type ZarrArray, zarrDocuments, zarrMarks } from './zarr-metadata.ts';
export type { ZarrEncoding } from './zarr-types.ts';
