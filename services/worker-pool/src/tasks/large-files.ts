import { canGather, gatherFile } from '@hyperslab/formats';
import { GatheredHeaders, type LargeFile } from '@hyperslab/proto/index';
import type { Storage } from '@hyperslab/storage';
import type { NamedObject } from './object-list.ts';

/** Files whose beginning is looked at at once. */
const filesAtOnce = 8;

/** A part of a listed file. */
interface Part {
  /** Number of the file in the list. */
  object: number;
  /** Bytes of the file; `to` may lie behind its end. */
  from: number;
  to: number;
}

/**
 * Listed files that are so large, and of such a format, that their headers are gathered part by part. Tasks are numbered on from
 * those of the list itself. One that can't be looked at is none: who indexes it tells what is wrong.
 */
export async function findLarge(
  storage: Storage,
  objects: readonly NamedObject[],
  { objectsPerTask, partBytes }: { objectsPerTask: number; partBytes: number },
  signal: AbortSignal,
): Promise<LargeFile[]> {
  const numbers = [...objects.keys()].filter(
    (number) => objects[number].kept === undefined && partBytes > 0 && objects[number].size >= 2 * partBytes,
  );
  const large: LargeFile[] = [];
  let firstTask = Math.ceil(objects.length / objectsPerTask);
  for (let at = 0; at < numbers.length; at += filesAtOnce) {
    const some = numbers.slice(at, at + filesAtOnce);
    const able = await Promise.all(
      some.map((number) => canGather(storage.open(objects[number].url), signal).catch(() => false)),
    );
    signal.throwIfAborted();
    for (const object of some.filter((_, i) => able[i])) {
      const parts = Math.ceil(objects[object].size / partBytes);
      large.push({ object, firstTask, parts });
      firstTask += parts;
    }
  }
  return large;
}

/** The part that a task gathers headers of; undefined for one that indexes files. */
export function partOfTask(large: readonly LargeFile[], task: number, partBytes: number): Part | undefined {
  const file = large.find(({ firstTask, parts }) => task >= firstTask && task < firstTask + parts);
  if (file === undefined) return undefined;
  const from = (task - file.firstTask) * partBytes;
  return { object: file.object, from, to: from + partBytes };
}

/** Gathers the headers of a part; none where the file can't be read, which who indexes it tells. Throws when aborted. */
export async function gatherPart(
  storage: Storage,
  { url }: NamedObject,
  part: Part,
  signal: AbortSignal,
): Promise<GatheredHeaders> {
  try {
    return await gatherFile(storage.open(url), part, { signal, storage });
  } catch {
    signal.throwIfAborted();
    return GatheredHeaders.create();
  }
}
