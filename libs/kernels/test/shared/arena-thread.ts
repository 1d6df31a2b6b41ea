/** A thread that takes and frees memory of an arena that others share, and checks that nobody else writes to it. */
import { parentPort, workerData } from 'node:worker_threads';
import { Arena, type ArenaShare } from '../../src/index.ts';

const { share, owner, rounds } = workerData as { share: ArenaShare; owner: number; rounds: number };
const arena = new Arena(share, owner);
const held: { offset: number; bytes: number }[] = [];
let state = owner;
const next = (below: number) => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return (state >>> 8) % below;
};
let taken = 0;
for (let round = 0; round < rounds; round++) {
  if (held.length > 20 || (held.length > 0 && next(3) === 0)) {
    const [{ offset, bytes }] = held.splice(next(held.length), 1);
    const view = arena.view('uint8', offset, bytes) as Uint8Array;
    if (view.some((byte) => byte !== owner)) throw new Error(`round ${round}: another thread wrote here`);
    arena.free(offset);
    continue;
  }
  const bytes = 1 + next(round % 50 === 0 ? 300_000 : 5_000);
  const offset = arena.take(bytes);
  if (offset === undefined) continue;
  taken++;
  (arena.view('uint8', offset, bytes) as Uint8Array).fill(owner);
  held.push({ offset, bytes });
}
// What it has when it ends, however little of it was there at the same time as what others had.
if (arena.take(2 ** 19) === undefined) throw new Error('no room for the last');
parentPort!.postMessage(taken);
