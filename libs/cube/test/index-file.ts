import { readFileSync } from 'node:fs';
import { indexFile, readStored } from '@hyperslab/formats';
import type { FileIndex } from '@hyperslab/proto/index';
import { memorySource } from '@hyperslab/storage';
import { indexCoordinates } from '../src/index.ts';

/** Real files as index tasks hand them to the merge. */
export async function* indexFiles(paths: readonly string[]): AsyncGenerator<FileIndex> {
  for (const path of paths) {
    const source = memorySource(path, readFileSync(path));
    const index = await indexFile(source);
    yield await indexCoordinates(index, (variable) => readStored(variable, source, index.version!));
  }
}
