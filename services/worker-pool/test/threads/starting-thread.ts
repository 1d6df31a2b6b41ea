/** A thread that starts in an arena that others share, and computes by its kernels what does not lie there. */
import { parentPort, workerData } from 'node:worker_threads';
import type { MaskedArray } from '@hyperslab/array';
import { elementwise, openRegion, shareArena, warmKernels } from '@hyperslab/kernels';
import type { SharedWithThread } from '../../src/threads/thread-memory.ts';

const { arena, owner, stage } = workerData as SharedWithThread;
shareArena(arena, owner, stage);
const half: MaskedArray = { dtype: 'float32', shape: [20_000], values: new Float32Array(20_000).fill(owner) };
const { values } = elementwise('+', [half, half], half.shape);
parentPort!.postMessage({
  kernels: warmKernels(),
  inArena: openRegion().arena !== undefined,
  isRight: (values as Float32Array).every((value) => value === 2 * owner),
});
