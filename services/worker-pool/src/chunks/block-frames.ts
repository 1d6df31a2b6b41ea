import { cellCount, encodeValues, gridCell, gridShape, unravel } from '@hyperslab/array';
import { decodeBlock } from '@hyperslab/expression';
import type { ResultDescription } from '@hyperslab/proto/expression';
import type { ArrayFrame, BlockHeader } from '@hyperslab/proto/worker';
import type { MadeBlock } from '../blocks/fetch-from-peer.ts';
import { splitFrames } from './split-frames.ts';

const none = Buffer.alloc(0);

/** The first frame of a result. @param held whether it is only what this worker holds of it */
export function resultFrame(result: ResultDescription, held: boolean): ArrayFrame {
  return { header: { dtype: result.dtype, shape: result.shape, result, held }, data: none, mask: none };
}

/** A block in frames; its bytes are released when the last one is sent. */
export function blockFrames(
  result: ResultDescription,
  task: number,
  { bytes, kernelVersion, release }: MadeBlock,
): (ArrayFrame & Partial<Disposable>)[] {
  const [array] = decodeBlock(bytes);
  const data = encodeValues(array);
  const mask = array.mask ?? none;
  const { origin } = cellAt(result, task);
  const block: BlockHeader = {
    block: task,
    origin,
    shape: array.shape,
    dataBytes: data.length,
    masked: mask.length > 0,
    kernelVersion,
  };
  const frames = [...arrayFrames(block, data, mask)];
  const last = frames.length - 1;
  return frames.with(last, Object.assign(frames[last], { [Symbol.dispose]: release }));
}

/** A block in frames: its header with the first, values, then its mask. */
export function* arrayFrames(block: BlockHeader, data: Uint8Array, mask: Uint8Array): Generator<ArrayFrame> {
  let header: BlockHeader | undefined = block;
  for (const part of splitFrames(data)) {
    yield { block: header, data: asBuffer(part), mask: none };
    header = undefined;
  }
  for (const part of splitFrames(mask)) {
    yield { block: header, data: none, mask: asBuffer(part) };
    header = undefined;
  }
  if (header !== undefined) yield { block: header, data: none, mask: none };
}

function cellAt({ blockGrid, shape }: ResultDescription, task: number): { origin: number[] } {
  if (blockGrid.some((runs) => cellCount(runs) === 0)) return { origin: shape.map(() => 0) };
  return gridCell(blockGrid, unravel(task, gridShape(blockGrid)));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
