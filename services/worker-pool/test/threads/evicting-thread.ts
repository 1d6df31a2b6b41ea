/** A thread that has a chunk go from a cache that others share, and says whether one went. */
import { parentPort, workerData } from 'node:worker_threads';
import { Arena } from '@hyperslab/kernels';
import { SharedChunkCache } from '@hyperslab/reader';
import type { SharedWithThread } from '../../src/threads/thread-memory.ts';

const { arena, cache, owner } = workerData as SharedWithThread;
parentPort!.postMessage(new SharedChunkCache(cache!, new Arena(arena, owner), owner).giveBack(1));
