import { type DataType, decodeValues, elementCount, type MaskedArray } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Dataset, Variable } from '@hyperslab/proto/cube';
import type { ChunkServiceClient } from '@hyperslab/proto/worker';
import { openStream } from '@hyperslab/rpc';

/** Coordinates that an expression selects from by value are read whole; more than this is refused. */
const largestBytes = 256 * 2 ** 20;
const deadlineMs = 30_000;

/**
 * All of a stored variable, through a worker. Its frames are consecutive elements.
 * @throws HyperslabError TOO_LARGE, UNAVAILABLE, and what the worker says
 */
export async function readWholeArray(
  client: ChunkServiceClient,
  { manifest }: Dataset,
  variable: Variable,
  signal: AbortSignal,
): Promise<MaskedArray> {
  const count = elementCount(variable.shape);
  if (count * 8 > largestBytes) {
    throw new HyperslabError(
      'TOO_LARGE',
      `coordinate "${variable.name}": its ${count} values are too many to search; select by index`,
      { variable: variable.name },
    );
  }
  const data: Buffer[] = [];
  const mask = new Uint8Array(count);
  let [maskedAt, element, masked] = [0, 0, false];
  const request = { selection: undefined, variable, manifest, stored: false };
  for await (const frame of openStream(client, 'readArray', request, { signal, deadlineMs })) {
    if (frame.block !== undefined) {
      maskedAt = element;
      element += elementCount(frame.block.shape);
    }
    data.push(frame.data);
    if (frame.mask.length === 0) continue;
    masked = true;
    mask.set(frame.mask, maskedAt);
    maskedAt += frame.mask.length;
  }
  const values = decodeValues(variable.dtype, Buffer.concat(data), count);
  const array = { dtype: variable.dtype as DataType, shape: [...variable.shape], values };
  return masked ? { ...array, mask } : array;
}
