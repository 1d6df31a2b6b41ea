import { readFileSync } from 'node:fs';
import { Arena, leastGrowth, mostOfAll } from './arena.ts';
import type { Kernels } from './kernels.ts';
import { Stage } from './stage.ts';
import { webAssembly } from './web-assembly.ts';

/** The kernels of a thread and the memory that they compute in. */
export interface Simd {
  kernels: Kernels;
  arena: Arena;
  stage: Stage;
}

const defaultArenaBytes = 2 ** 28;

let allowed = true;
let mostBytes = defaultArenaBytes;
let loaded: Simd | undefined;
let refused = false;

/**
 * The kernels with vectors, loaded when a thread first asks for them; undefined where they are turned off, WebAssembly has no
 * vectors, or the system has no addresses for their memory. What is computed is the same to the bit without them.
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
 * How large the arena of this thread may become, bytes; 256 MiB by default. An arena has 1 MiB to 4 GiB, whatever is asked for: what does not
 * fit is in ordinary memory. To be said before the first kernel runs.
 */
export function limitArena(bytes: number): void {
  if (loaded !== undefined)
    throw new RangeError('the arena of this thread is in use: limit it when the thread starts');
  mostBytes = Math.min(mostOfAll, Math.max(leastGrowth, bytes));
}

/** How large the arena of this thread is, bytes. */
export function arenaBytes(): number {
  return loaded?.arena.bytes ?? 0;
}

function load(): Simd | undefined {
  const code = readFileSync(new URL('../../gen/kernels.wasm', import.meta.url));
  if (!webAssembly.validate(code)) return undefined;
  const arena = reserveArena();
  if (arena === undefined) return undefined;
  const { exports } = new webAssembly.Instance(new webAssembly.Module(code), {
    env: { memory: arena.memory },
  });
  return { kernels: exports as Kernels, arena, stage: new Stage(arena) };
}

/** An arena as large as it may become: of a system that limits addresses, none. */
function reserveArena(): Arena | undefined {
  try {
    return new Arena(mostBytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
