/**
 * A thread that reads its part of a parameter's chunks into memory, says how it inflates, and then, as often as it is told to,
 * decodes all of them.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { decodeBytes } from '@hyperslab/codecs';
import { fastestInflate } from './fastest-inflate.ts';
import type { LocatedParameter } from './locate-chunks.ts';
import { createUnshuffler, lanes } from './unshuffle.ts';

const { layout, width, chunkBytes, files } = workerData as LocatedParameter;
const { buffer, unshuffle } = createUnshuffler(width, 2 * chunkBytes);
const shuffled = new Uint8Array(buffer, 0, chunkBytes);
const decoded = new Uint8Array(buffer, chunkBytes, chunkBytes);
const { name, inflate } = fastestInflate();

function readChunks(): Uint8Array[] {
  return files.flatMap(({ path, chunks }) => {
    const file = openSync(path, 'r');
    const read = chunks.map(({ offset, length }) => {
      const bytes = new Uint8Array(length);
      readSync(file, bytes, { position: offset });
      return bytes;
    });
    closeSync(file);
    return read;
  });
}

function decode(bytes: Uint8Array): void {
  inflate(bytes, shuffled);
  unshuffle(0, chunkBytes, chunkBytes / width);
}

/** A limit of something else than decoding would say nothing. */
function assertDecodes(bytes: Uint8Array): void {
  decode(bytes);
  const expected = decodeBytes(bytes, layout, chunkBytes, 0);
  if (Buffer.compare(decoded, expected) !== 0)
    throw new Error('a chunk is decoded otherwise than by our codecs');
}

if ((chunkBytes / width) % lanes !== 0)
  throw new Error(`chunks of ${chunkBytes} bytes leave a rest of vectors`);
const chunks = readChunks();
assertDecodes(chunks[0]);
parentPort?.on('message', () => {
  for (const bytes of chunks) decode(bytes);
  parentPort?.postMessage('done');
});
parentPort?.postMessage(name);
