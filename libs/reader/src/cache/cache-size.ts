/** Sizes are counted in units of so many bytes. */
export const unitBytes = 64;
/** Chunks that are smaller on average fill the table of a cache before its memory. */
const usualChunkBytes = 16 * 1024;
const [fewestSlots, mostSlots] = [256, 2 ** 18];

/** How many chunks a cache of so many bytes is made for, those that have gone and are remembered included. */
export function slotsFor(bytes: number): number {
  return Math.min(mostSlots, Math.max(fewestSlots, Math.ceil(bytes / usualChunkBytes)));
}

/** Units that so many bytes take, at least 1. */
export function unitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}

/** Units of all chunks of a cache that has so many bytes: what is kept never takes more. */
export function limitUnits(bytes: number): number {
  return Math.floor(bytes / unitBytes);
}
