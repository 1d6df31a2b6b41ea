import { type FileIndex, FileIndexBatch } from '@hyperslab/proto/index';
import type { ObjectStore } from '@hyperslab/storage';
import type { NamedObject } from '../tasks/object-list.ts';
import { nameOfIndex } from './index-name.ts';
import { decodeFrame } from './index-pack.ts';

/**
 * The kept indexes of objects, by their number in `objects`. One that can't be read, or is not of the very URL and state that
 * were listed, is left out and will be made anew. Throws only when aborted.
 */
export async function readKept(
  store: ObjectStore,
  packs: readonly string[],
  objects: readonly NamedObject[],
  maker: string,
  signal: AbortSignal,
): Promise<Map<number, FileIndex>> {
  const found = new Map<number, FileIndex>();
  await Promise.all(
    packs.map(async (key, pack) => {
      const numbers = [...objects.keys()].filter((number) => objects[number].kept?.pack === pack);
      const frames = new Map(numbers.map((number) => [objects[number].kept!.offset, objects[number].kept!]));
      if (frames.size === 0) return;
      try {
        const ranges = [...frames.values()].map(({ offset, length }) => ({ offset, length }));
        const read = await store.open(key).read(ranges, { signal });
        for (const [i, { offset }] of ranges.entries()) {
          const batch = FileIndexBatch.decode(await decodeFrame(read[i]));
          if (batch.maker !== maker) continue;
          for (const number of numbers) {
            const { url, indexName: name, kept } = objects[number];
            if (kept?.offset !== offset) continue;
            const index = batch.files[kept.position];
            if (isOf(index, url, name)) found.set(number, { ...index, bytesRead: 0 });
          }
        }
      } catch {
        signal.throwIfAborted();
      }
    }),
  );
  return found;
}

function isOf(index: FileIndex | undefined, url: string, name: Uint8Array): boolean {
  if (!index?.selfContained || index.url !== url) return false;
  return nameOfIndex(index)?.equals(name) === true;
}
