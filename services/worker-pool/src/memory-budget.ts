const mebibyte = 2 ** 20;
/** What the process itself takes before it holds anything: code, gRPC, and each thread with its own heap. */
const baseBytes = 200 * mebibyte;
const threadBytes = 60 * mebibyte;
/** What a task takes besides its block: stored and decoded chunks on their way, and tiles. */
const taskBytes = 64 * mebibyte;
/** Kept free: what has been freed goes back to the system only after a while. */
const slack = 0.1;
const shares = { cache: 0.3, blocks: 0.2, streams: 0.1 };
/** What a stream of values holds for its reader: a slab that is being sent and one ahead, with their masks. */
const streamBytes = 8 * mebibyte;

/** How a worker divides its memory. */
export interface MemoryBudget {
  /** Decoded chunks. */
  cacheBytes: number;
  /** Blocks that are not spilled. */
  blockBytes: number;
  /** Tasks that run at once. */
  slots: number;
  /** Tasks that may run beside these, of jobs of which none runs: a small one need not wait until one of others ends. */
  guests: number;
  /** Slabs that are read at once for those who stream values; each takes as much as a task. */
  reads: number;
  /** Streams of values that are open at once. */
  streams: number;
  /** What tasks that write chunks of stores or hold weights may take at once for that: the rest, and what one task is counted with at least. */
  heldBytes: number;
  /** What each thread may keep of weights: its part of that. */
  weightBytes: number;
  /** What the arenas of all threads may take: what tasks and reads are counted with. */
  arenaBytes: number;
}

/** Divides a limit: never more cache or slots than are configured, and with little memory less of both. */
export function memoryBudget(
  limitBytes: number,
  threads: number,
  configured: { cacheBytes: number; slots: number },
): MemoryBudget {
  const room = Math.max(0, limitBytes * (1 - slack) - baseBytes - threads * threadBytes);
  const cacheBytes = Math.floor(Math.min(configured.cacheBytes, room * shares.cache));
  const blockBytes = Math.floor(room * shares.blocks);
  const streams = Math.max(2, Math.floor((room * shares.streams) / streamBytes));
  const rest = room - cacheBytes - blockBytes - streams * streamBytes;
  const fitting = Math.round(rest / taskBytes);
  const reads = Math.max(1, Math.round(fitting / 4));
  const slots = Math.max(1, Math.min(configured.slots, fitting - reads));
  const guests = fitting - reads > slots ? 1 : 0;
  const arenaBytes = (slots + guests + reads) * taskBytes;
  const heldBytes = Math.floor(Math.max(taskBytes, rest));
  const weightBytes = Math.floor(heldBytes / Math.max(1, threads));
  return { cacheBytes, blockBytes, slots, guests, reads, streams, heldBytes, weightBytes, arenaBytes };
}
