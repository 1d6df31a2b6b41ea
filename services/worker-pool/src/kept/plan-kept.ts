import type { FoundPack } from './find-packs.ts';
import { nameKey, objectPart } from './index-name.ts';

/** Where the index of an object lies. */
export interface KeptPlace {
  /** Number of the pack. */
  pack: number;
  /** The frame that has it: bytes of the pack. */
  offset: number;
  length: number;
  /** Which index of the frame it is. */
  position: number;
}

/** Which kept indexes serve a listing. */
export interface KeptPlan {
  /** Keys of the packs that serve. */
  packs: string[];
  /** For each object, where its index lies; undefined when none is kept of its state. */
  places: (KeptPlace | undefined)[];
  /** Keys of the packs that are to go once what serves of them is in another one. */
  replaced: string[];
}

/** A follower writes a pack with each version: from so many on, they are made one. */
const mostPacks = 8;

/**
 * Looks for the indexes of objects by name, in packs from the newest to the oldest. A pack with indexes of other objects stays:
 * somebody else publishes those. One in which nothing serves any more is replaced by nothing.
 */
export function planKept(names: readonly Uint8Array[], packs: readonly FoundPack[]): KeptPlan {
  const wanted = new Map(names.map((name, at) => [nameKey(name), at]));
  const objects = new Set(names.map((name) => objectPart(name)));
  const plan: KeptPlan = { packs: [], places: names.map(() => undefined), replaced: [] };
  const own: { key: string; serves: boolean }[] = [];
  for (const { key, names: has, frames, counts } of packs) {
    let [serves, isForeign, offset, at] = [false, false, 0, 0];
    for (const [frame, length] of frames.entries()) {
      for (let position = 0; position < counts[frame]; position++, at++) {
        isForeign ||= !objects.has(objectPart(has, at));
        const object = wanted.get(nameKey(has, at));
        if (object === undefined || plan.places[object] !== undefined) continue;
        plan.places[object] = { pack: plan.packs.length, offset, length, position };
        serves = true;
      }
      offset += length;
    }
    if (serves) plan.packs.push(key);
    if (!isForeign) own.push({ key, serves });
  }
  const tooMany = own.filter(({ serves }) => serves).length >= mostPacks;
  plan.replaced = own.filter(({ serves }) => tooMany || !serves).map(({ key }) => key);
  return plan;
}
