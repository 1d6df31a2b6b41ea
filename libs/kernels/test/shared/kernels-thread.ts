/** A thread that starts in an arena that others share, and says how many kernels it has. */
import { parentPort, workerData } from 'node:worker_threads';
import { shareArena, warmKernels } from '../../src/index.ts';

shareArena(workerData.share, 1, workerData.stage);
parentPort!.postMessage(warmKernels());
