import { type DataType, elementCount, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ArraySelection } from '@hyperslab/proto/expression';
import { openStream } from '@hyperslab/rpc/calls';
import { Backoff } from './backoff.ts';
import type { Connection } from './connection.ts';
import { placeBlocks } from './place-blocks.ts';
import { assembleBlocks } from './result-blocks.ts';
import { unlessSilent } from './unless-silent.ts';

/** Reads a hyperslab of a stored variable from a worker, without a job; a worker that is lost is replaced by the next. */
export async function readStored(
  connection: Connection,
  selection: ArraySelection,
  signal?: AbortSignal,
): Promise<MaskedArray> {
  const { patienceMs, workerCount } = connection;
  const backoff = new Backoff({ patienceMs, addresses: workerCount, signal });
  for (;;) {
    try {
      return await readOnce(connection, selection, signal);
    } catch (error) {
      await backoff.failed(error);
    }
  }
}

async function readOnce(
  connection: Connection,
  selection: ArraySelection,
  signal?: AbortSignal,
): Promise<MaskedArray> {
  const request = { selection, stored: false };
  const worker = await connection.nextWorker();
  const open = (stop: AbortSignal) => openStream(worker, 'readArray', request, { signal: stop });
  const frames = unlessSilent(worker, open, { signal });
  let placed: ReturnType<typeof placeBlocks> | undefined;
  let received = 0;
  for await (const item of assembleBlocks(frames)) {
    if ('header' in item) placed = placeBlocks(item.header.dtype as DataType, item.header.shape);
    else {
      received += elementCount(item.block.shape);
      placed?.place(item.block);
    }
  }
  if (placed === undefined || received !== elementCount(placed.array.shape)) {
    throw new HyperslabError(
      'SHORT_READ',
      `the values of ${selection.dataset}:${selection.variable} ended early`,
    );
  }
  return placed.array;
}
