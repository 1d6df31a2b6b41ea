/**
 * Whom a name falls to (rendezvous hashing): always the same of those who are there. When one comes, it takes names from all others alike, and when it goes,
 * they take its own; no other name moves.
 */
export function rendezvous<T extends { address: string }>(name: string, among: readonly T[]): T {
  let highest = -1;
  let found = among[0];
  for (const each of among) {
    const weight = hash(`${name} ${each.address}`);
    if (weight < highest || (weight === highest && each.address > found.address)) continue;
    highest = weight;
    found = each;
  }
  return found;
}

/** 32 bits of FNV-1a, mixed at the end as MurmurHash3 does: addresses differ in their last letters alone. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) bits = Math.imul(bits ^ text.charCodeAt(at), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
