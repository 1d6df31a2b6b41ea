import type { DataType } from '@hyperslab/array';
import { HyperslabError, isHyperslabError } from '@hyperslab/errors';
import { ResultDescription } from '@hyperslab/proto/expression';
import type { Result, ResultBox, ResultHead } from '@hyperslab/results';
import type { ResultStream } from '../compute.ts';
import type { Connection } from '../connection.ts';
import { readCoordinates } from '../result-coordinates.ts';

/** What a result is, with the values of its coordinates. */
async function headOf(
  connection: Connection,
  description: ResultDescription,
  signal?: AbortSignal,
): Promise<ResultHead> {
  const { name, dtype, units, dimensions, shape, coordinates, attributes, blockGrid, gridMapping } =
    description;
  return {
    name,
    dtype: dtype as DataType,
    units,
    dimensions,
    shape,
    attributes,
    coordinates: await readCoordinates(connection, coordinates, signal),
    blockGrid,
    gridMapping,
  };
}

/**
 * A result that was described before it is computed.
 * @param open begins to compute it
 */
export async function describedResult(
  connection: Connection,
  description: ResultDescription,
  open: () => ResultStream,
  signal?: AbortSignal,
): Promise<Result> {
  return {
    head: await headOf(connection, description, signal),
    async *blocks() {
      let isFirst = true;
      for await (const item of open()) {
        if (item.block !== undefined) yield item.block;
        else {
          if (!isFirst) throw item.begunAgain;
          assertSame(description, item.description);
          isFirst = false;
        }
      }
    },
  };
}

/** A result that tells itself what it is. Its stream is open from now on, so it is to be read soon. */
export async function openedResult(
  connection: Connection,
  stream: ResultStream,
  signal?: AbortSignal,
): Promise<Result> {
  const first = await stream.next();
  const item = first.done ? undefined : first.value;
  if (item === undefined || item.block !== undefined)
    throw new HyperslabError('INTERNAL', 'a result came without its description');
  return { head: await headOf(connection, item.description, signal), blocks: () => restOf(stream) };
}

async function* restOf(stream: ResultStream): AsyncGenerator<ResultBox> {
  for await (const item of stream) {
    if (item.block === undefined) throw item.begunAgain;
    yield item.block;
  }
}

function assertSame(before: ResultDescription, now: ResultDescription): void {
  const bytes = (description: ResultDescription) => ResultDescription.encode(description).finish();
  if (Buffer.compare(bytes(before), bytes(now)) === 0) return;
  throw new HyperslabError(
    'OBJECT_CHANGED',
    `the result "${before.name}" became another one before it was computed; was its dataset published again? save it again`,
  );
}

/** A job that began again once or twice, as it may during an upgrade, is written anew. */
const attemptsAllowed = 3;

/** Writes a file, and again when what was read of a result became void in between. */
export async function againWhenVoid<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!isHyperslabError(error, 'OTHER_KERNELS') || attempt >= attemptsAllowed) throw error;
    }
  }
}
