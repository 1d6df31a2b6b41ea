import { cellCount, encodeValues, gridCell, gridShape, unravel } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
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

/**
 * A block in frames; its bytes are released when the last one is sent.
 * @throws HyperslabError OTHER_KERNELS when it is none of these blocks: a scheduler of another release has planned the job anew since
 */
export function blockFrames(
  result: ResultDescription,
  task: number,
  { bytes, kernelVersion, release }: MadeBlock,
): (ArrayFrame & Partial<Disposable>)[] {
  const [array] = decodeBlock(bytes);
  const { origin, shape } = cellAt(result, task);
  if (!isSame(array.shape, shape)) {
    release?.();
    throw otherGrid(result, task, shape, array.shape);
  }
  const data = encodeValues(array);
  const mask = array.mask ?? none;
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

/** An array without elements has one block and no cell. */
function cellAt(
  { blockGrid, shape }: ResultDescription,
  task: number,
): { origin: number[]; shape: number[] } {
  if (blockGrid.some((runs) => cellCount(runs) === 0)) return { origin: shape.map(() => 0), shape };
  return gridCell(blockGrid, unravel(task, gridShape(blockGrid)));
}

function isSame(extents: readonly number[], expected: readonly number[]): boolean {
  return extents.length === expected.length && extents.every((extent, axis) => extent === expected[axis]);
}

/** By this reason readers of all releases drop what they have of the result, and begin again. */
function otherGrid(
  { name }: ResultDescription,
  task: number,
  expected: readonly number[],
  found: readonly number[],
): HyperslabError {
  return new HyperslabError(
    'OTHER_KERNELS',
    `block ${task} of the result "${name}": expected the extents ${expected.join(' × ')}, found ${found.join(' × ')}: its job was ` +
      'planned again in other blocks while it was read; read it again',
    { expected: expected.join(' '), found: found.join(' ') },
  );
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
