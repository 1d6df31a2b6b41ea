import {
  type DataType,
  decodeValues,
  elementCount,
  giveBack,
  isFixedWidth,
  itemSize,
  type MaskedArray,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ArrayFrame, ArrayHeader, BlockHeader } from '@hyperslab/proto/worker';

/** Blocks are cut to be computed in memory; one that claims more than this is none of ours. */
const largestBlockBytes = 2 ** 30;
/** Each string is preceded by its length. */
const stringLengthBytes = 4;

/** A block of a result: a box of it, with its values. */
export interface ResultBlock extends MaskedArray {
  /** Number of the block in the result. */
  block: number;
  /** Index of its first element in each dimension of the result. */
  origin: number[];
  /** Of the kernels that made it. */
  kernelVersion: string;
}

/** What a stream of frames holds: first the header, then whole blocks in order. */
export type StreamItem = { header: ArrayHeader } | { block: ResultBlock };

interface Unfinished {
  header: BlockHeader;
  /** Made when the first values come. */
  data?: Uint8Array;
  mask?: Uint8Array;
  dataLength: number;
  maskLength: number;
}

/**
 * Puts frames together into blocks, one at a time, so that memory holds one block. Throws INTERNAL when lengths do
 * not fit what the headers said, and SHORT_READ when the stream ends inside a block.
 */
export async function* assembleBlocks(frames: AsyncIterable<ArrayFrame>): AsyncGenerator<StreamItem> {
  let dtype: string | undefined;
  let unfinished: Unfinished | undefined;
  for await (const frame of frames) {
    if (frame.header !== undefined) {
      dtype = frame.header.dtype;
      yield { header: frame.header };
    }
    if (frame.block !== undefined) {
      if (dtype === undefined) throw malformed('a block before the header');
      if (unfinished !== undefined) throw malformed(`block ${unfinished.header.block} is cut off`);
      unfinished = begin(frame.block, dtype);
    }
    if (unfinished === undefined) {
      if (frame.data.length > 0 || frame.mask.length > 0) throw malformed('values outside a block');
      continue;
    }
    append(unfinished, frame);
    if (isComplete(unfinished)) {
      yield { block: finish(unfinished, dtype as string) };
      unfinished = undefined;
    }
  }
  if (unfinished !== undefined) {
    throw new HyperslabError('SHORT_READ', `block ${unfinished.header.block} ended early`, {
      expected: String(unfinished.header.dataBytes),
      found: String(unfinished.dataLength),
    });
  }
}

function begin(header: BlockHeader, dtype: string): Unfinished {
  return refusingRanges(() => {
    const count = elementCount(header.shape);
    const fits = isFixedWidth(dtype)
      ? header.dataBytes === count * itemSize(dtype)
      : header.dataBytes >= count * stringLengthBytes;
    if (!fits) {
      throw malformed(`${header.dataBytes} bytes for ${count} values of ${dtype}`);
    }
    if (header.dataBytes > largestBlockBytes) throw malformed(`a block of ${header.dataBytes} bytes`);
    return {
      header,
      mask: header.masked ? new Uint8Array(count) : undefined,
      dataLength: 0,
      maskLength: 0,
    };
  });
}

function append(unfinished: Unfinished, frame: ArrayFrame): void {
  const { header, mask, dataLength } = unfinished;
  if (dataLength + frame.data.length > header.dataBytes) throw malformed('more values than announced');
  unfinished.data ??= unset(header.dataBytes);
  unfinished.data.set(frame.data, dataLength);
  unfinished.dataLength += frame.data.length;
  if (frame.mask.length > 0) {
    if (mask === undefined || unfinished.maskLength + frame.mask.length > mask.length) {
      throw malformed('more mask bytes than values');
    }
    mask.set(frame.mask, unfinished.maskLength);
    unfinished.maskLength += frame.mask.length;
  }
  // Values and mask are views of the message that they came in.
  giveBack(frame.data);
  giveBack(frame.mask);
}

/** Memory that all of is written to before it is read. Not of the common buffer: whoever takes the values may keep them. */
function unset(bytes: number): Uint8Array {
  return Buffer.allocUnsafeSlow(bytes);
}

function isComplete({ header, mask, dataLength, maskLength }: Unfinished): boolean {
  return dataLength === header.dataBytes && maskLength === (mask?.length ?? 0);
}

function finish({ header, data = new Uint8Array(0), mask }: Unfinished, dtype: string): ResultBlock {
  const { block, origin, shape, kernelVersion } = header;
  const values = refusingRanges(() => decodeValues(dtype, data, elementCount(shape)));
  return { block, origin, shape, kernelVersion, dtype: dtype as DataType, values, mask };
}

/** Lengths that are impossible are the sender's failure, not a defect of this code. */
function refusingRanges<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof RangeError ? malformed(error.message) : error;
  }
}

function malformed(problem: string): HyperslabError {
  return new HyperslabError('INTERNAL', `malformed stream of values: ${problem}`);
}
