export type { FormatReader, IndexRequest } from './format-reader.ts';
export { indexFile } from './index-file.ts';
export { readStored } from './read-stored.ts';
