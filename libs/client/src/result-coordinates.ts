import { type DataType, decodeArray, elementCount, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ArraySelection, CoordinateValues, ResultCoordinate } from '@hyperslab/proto/expression';
import { openStream } from '@hyperslab/rpc/calls';
import { Backoff } from './backoff.ts';
import type { Connection } from './connection.ts';
import { placeBlocks } from './place-blocks.ts';
import { assembleBlocks } from './result-blocks.ts';
import { unlessSilent } from './unless-silent.ts';

/** A coordinate of a result with its values. */
export interface ComputedCoordinate extends MaskedArray {
  name: string;
  /** Dimensions of the result that it spans. */
  dimensions: string[];
  units: string;
  /** Calendar of a time coordinate, else empty. */
  calendar: string;
  standardName: string;
  axis: string;
  /** Cell bounds: one dimension more. */
  bounds?: MaskedArray;
}

/** The coordinates of a result, the large ones read from the workers. */
export async function readCoordinates(
  connection: Connection,
  coordinates: readonly ResultCoordinate[],
  signal?: AbortSignal,
): Promise<ComputedCoordinate[]> {
  return Promise.all(
    coordinates.map(async ({ values, bounds, ...rest }) => {
      const [array, boundsArray] = await Promise.all([
        readValues(connection, values, signal),
        bounds && readValues(connection, bounds, signal),
      ]);
      return { ...rest, ...array, bounds: boundsArray };
    }),
  );
}

async function readValues(
  connection: Connection,
  values: CoordinateValues | undefined,
  signal?: AbortSignal,
): Promise<MaskedArray> {
  const where = values?.where;
  if (where === undefined) throw new HyperslabError('INTERNAL', 'a coordinate came without its values');
  if (where.$case === 'inlineValues') return decodeArray(where.value);
  const { patienceMs, endpoints } = connection;
  const backoff = new Backoff({ patienceMs, addresses: endpoints.workers.length, signal });
  for (;;) {
    try {
      return await readArray(connection, where.value, signal);
    } catch (error) {
      await backoff.failed(error);
    }
  }
}

/** Reads a hyperslab of a stored variable, without a job. */
async function readArray(
  connection: Connection,
  selection: ArraySelection,
  signal?: AbortSignal,
): Promise<MaskedArray> {
  const request = { selection, stored: false };
  const worker = connection.nextWorker();
  const open = (stop: AbortSignal) => openStream(worker, 'readArray', request, { signal: stop });
  const frames = unlessSilent(worker, open, { signal });
  let placed: ReturnType<typeof placeBlocks> | undefined;
  let received = 0;
  for await (const item of assembleBlocks(frames)) {
    if ('header' in item) placed = placeBlocks(item.header.dtype as DataType, item.header.shape);
    else {
      placed?.place(item.block);
      received += elementCount(item.block.shape);
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
