/** A thread that reads chunks through a cache that others share, and checks what it gets: the values of chunk n are all n. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ArenaShare, openRegion, shareArena, warmKernels } from '@hyperslab/kernels';
import { type CacheShare, SharedChunkCache } from '../../src/index.ts';

const { arena, cache, owner, rounds, chunks } = workerData as {
  arena: ArenaShare;
  cache: CacheShare;
  owner: number;
  rounds: number;
  chunks: number;
};

shareArena(arena, owner);
const shared = new SharedChunkCache(cache, openRegion().arena!, owner);
let hits = 0;
let state = owner;
for (let round = 0; round < rounds; round++) {
  using tile = openRegion();
  const wanted = Array.from({ length: 3 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % chunks;
  });
  const values = wanted.map((chunk) => {
    const kept = shared.get(String(chunk), 'int32', tile);
    if (kept !== undefined) hits++;
    const found = kept ?? tile.array('int32', 500 + 7 * chunk).fill(chunk as never);
    if (kept === undefined) shared.put(String(chunk), found, tile);
    return found as Int32Array;
  });
  // What comes into the arena now must not lie where the chunks of this tile do.
  const zeros = tile.zeros('int32', 2000) as Int32Array;
  if (zeros.some((value) => value !== 0)) throw new Error(`round ${round}: another thread wrote here`);
  zeros.fill(-1);
  // As a thread does that starts while others work.
  if (round % 500 === 0) warmKernels();
  values.forEach((found, at) => {
    if (found.length !== 500 + 7 * wanted[at] || found.some((value) => value !== wanted[at]))
      throw new Error(`round ${round}: chunk ${wanted[at]} has other values`);
  });
}
parentPort!.postMessage(hits);
