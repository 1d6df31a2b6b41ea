import { readFileSync } from 'node:fs';
import { Arena, type ArenaShare, reserveArena } from './arena.ts';
import type { Kernels } from './kernels.ts';
import { Stage, stageBytes } from './stage.ts';
import { webAssembly } from './web-assembly.ts';

/** The kernels of a thread and the memory that they compute in. */
export interface Simd {
  /** Their code. */
  module: object;
  kernels: Kernels;
  arena: Arena;
  stage: Stage;
}

const ownArenaBytes = 2 ** 28;

let allowed = true;
let shared: { arena: ArenaShare; owner: number; stage?: number } | undefined;
let loaded: Simd | undefined;
let refused = false;

/**
 * The kernels with vectors, loaded when a thread first asks for them; undefined where they are turned off, WebAssembly has no
 * vectors, the system has no addresses for their memory, or others have left no room for a stage that was not reserved in the arena that they
 * share. What is computed is the same to the bit without them.
 */
export function simd(): Simd | undefined {
  if (!allowed) return undefined;
  if (loaded === undefined && !refused) {
    loaded = load();
    refused = loaded === undefined;
  }
  return loaded;
}

/** For rows that are shorter a plain loop is as fast. */
const shortestRow = 64;

/** The kernels, for a row that is worth their call. */
export function readySimd(length: number): Simd | undefined {
  return length < shortestRow ? undefined : simd();
}

/** Turns the kernels with vectors of this thread off, or on again. */
export function allowSimd(allow: boolean): void {
  allowed = allow;
}

/**
 * Has this thread compute in an arena that others share, rather than in one of 256 MiB of its own. To be said before the first kernel runs.
 * @param owner number of this thread among them, from 1 on
 * @param stage as `reserveStage` answered for this thread: others may fill the arena before it starts
 */
export function shareArena(arena: ArenaShare, owner: number, stage?: number): void {
  if (loaded !== undefined)
    throw new RangeError('the arena of this thread is in use: share another one when the thread starts');
  shared = { arena, owner, stage };
}

function load(): Simd | undefined {
  const code = readFileSync(new URL('../../gen/kernels.wasm', import.meta.url));
  if (!webAssembly.validate(code)) return undefined;
  const arena = openArena();
  const stage = shared?.stage ?? arena?.take(stageBytes);
  if (arena === undefined || stage === undefined) return undefined;
  const module = new webAssembly.Module(code);
  const { exports } = new webAssembly.Instance(module, { env: { memory: arena.memory } });
  return { module, kernels: exports as Kernels, arena, stage: new Stage(arena, stage) };
}

/** Of a system that limits addresses, none. */
function openArena(): Arena | undefined {
  if (shared !== undefined) return new Arena(shared.arena, shared.owner);
  try {
    return new Arena(reserveArena(ownArenaBytes), 1);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
