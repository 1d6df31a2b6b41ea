import { HyperslabError } from '@hyperslab/errors';
import type { WorkerLinkServiceClient } from '@hyperslab/proto/scheduler';
import type { BlockFrame } from '@hyperslab/proto/worker';
import { implement, type ServedService, serverStream } from '@hyperslab/rpc';
import { chunkServiceDefinition, type Traffic } from '@hyperslab/rpc/values';
import type { BlockFinder } from '../blocks/block-finder.ts';
import { type BlockKey, blockName } from '../blocks/block-key.ts';
import type { BlockStore } from '../blocks/block-store.ts';
import type { ThreadPool } from '../threads/thread-pool.ts';
import type { CatalogVariables } from './catalog-variables.ts';
import { readArray } from './read-array.ts';
import { type HeldParts, readHeld } from './read-held.ts';
import { type ResultParts, readResult } from './read-result.ts';
import { splitFrames } from './split-frames.ts';

/** What ChunkService needs. */
export interface ChunkParts {
  store: BlockStore;
  finder: BlockFinder;
  threads: ThreadPool;
  variables: CatalogVariables;
  scheduler: WorkerLinkServiceClient;
  /** What is known of a result that is being made here. */
  making: ResultParts['making'];
  /** What is known of a result of which tasks run here. */
  running: HeldParts['running'];
  /** Of the plan by which a job is known here. */
  fingerprintOf: HeldParts['fingerprintOf'];
  /** What is sent is counted here. */
  traffic: Traffic;
  /** Told of a block that is asked for and not here. */
  onLost: (key: BlockKey) => void;
  /** Of the kernels that made what the store holds. */
  kernelVersion: string;
}

/** ChunkService: streams values and blocks, each as fast as its reader takes them. */
export function chunkService({
  store,
  finder,
  threads,
  variables,
  scheduler,
  making,
  running,
  fingerprintOf,
  traffic,
  onLost,
  kernelVersion,
}: ChunkParts): ServedService {
  return implement(chunkServiceDefinition(traffic), {
    readResult: serverStream((request, { signal }) =>
      request.held
        ? readHeld({ scheduler, store, running, fingerprintOf, kernelVersion }, request, signal)
        : readResult({ scheduler, finder, making, fingerprintOf }, request, signal),
    ),
    readArray: serverStream((request, context) => readArray(threads, variables, request, context)),
    fetchBlock: serverStream(async function* (key): AsyncGenerator<BlockFrame> {
      const missing = store.missing(key);
      const block = missing === undefined ? await store.get(key) : undefined;
      if (block === undefined) {
        const lost = missing ?? key;
        onLost(lost);
        throw new HyperslabError('BLOCK_NOT_FOUND', `${blockName(lost)}: this worker does not hold it`);
      }
      const { bytes, crc32 } = block;
      const parts = [...splitFrames(bytes)];
      if (parts.length === 0) parts.push(bytes);
      for (const [at, part] of parts.entries()) {
        const isLast = at === parts.length - 1;
        const frame: BlockFrame = {
          data: Buffer.from(part.buffer, part.byteOffset, part.byteLength),
          totalBytes: at === 0 ? bytes.length : 0,
          kernelVersion: at === 0 ? kernelVersion : '',
          crc32: isLast ? crc32 : undefined,
        };
        yield isLast ? Object.assign(frame, { [Symbol.dispose]: () => block[Symbol.dispose]() }) : frame;
      }
    }),
  });
}
