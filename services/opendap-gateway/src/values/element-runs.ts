import { allocateValues, elementCount, itemSize } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { ArrayFrame, BlockHeader } from '@hyperslab/proto/worker';

/** What is expected of a stream of frames. */
export interface RunOptions {
  dtype: string;
  shape: readonly number[];
  /** Put where a value is masked. */
  missing: number | bigint;
  /** Elements that must stay together; runs end at multiples. 1 by default. */
  together?: number;
}

interface OpenBlock {
  header: BlockHeader;
  received: number;
  /** Values that wait for their mask, when the block has one. */
  held?: { data: Uint8Array; mask: Uint8Array; masked: number };
}

/**
 * Little-endian values from a stream of frames, as runs of whole elements in row-major order, masked values filled in.
 * What has no mask passes through without a copy, apart from elements that a frame cuts in two.
 * @throws HyperslabError INTERNAL when frames do not make the array that was asked for; never pads
 */
export async function* elementRuns(
  frames: AsyncIterable<ArrayFrame>,
  { dtype, shape, missing, together = 1 }: RunOptions,
): AsyncGenerator<Uint8Array> {
  const width = itemSize(dtype);
  const total = elementCount(shape) * width;
  const unit = width * together;
  const fill = new Uint8Array(fillElement(dtype, missing));
  let block: OpenBlock | undefined;
  let yielded = 0;
  let started = 0;
  let carry: Uint8Array = new Uint8Array(0);

  const cut = (bytes: Uint8Array): Uint8Array => {
    const whole = carry.length === 0 ? bytes : Buffer.concat([carry, bytes]);
    const length = whole.length - (whole.length % unit);
    carry = whole.slice(length);
    yielded += length;
    return length === whole.length ? whole : whole.subarray(0, length);
  };

  for await (const frame of frames) {
    if (frame.header && (frame.header.dtype !== dtype || !sameShape(frame.header.shape, shape)))
      throw broken(`${dtype} of shape [${shape}]`, `${frame.header.dtype} of shape [${frame.header.shape}]`);
    if (frame.block) {
      if (block && !isWhole(block))
        throw broken(`${block.header.dataBytes} bytes of a block`, `${block.received}`);
      if (!follows(frame.block, shape, started / width))
        throw broken(`a block that goes on at element ${started / width}`, `one at [${frame.block.origin}]`);
      started += frame.block.dataBytes;
      if (started > total || frame.block.dataBytes !== elementCount(frame.block.shape) * width)
        throw broken(`${total} bytes`, `blocks of ${started} bytes`);
      block = { header: frame.block, received: 0 };
      if (frame.block.masked)
        block.held = {
          data: new Uint8Array(frame.block.dataBytes),
          mask: new Uint8Array(frame.block.dataBytes / width),
          masked: 0,
        };
    }
    const { data, mask } = frame;
    if (data.length === 0 && mask.length === 0) continue;
    if (!block || block.received + data.length > block.header.dataBytes)
      throw broken('no more bytes than the block has', `${data.length} more`);
    if (!block.held) {
      block.received += data.length;
      if (mask.length > 0) throw broken('no mask', `${mask.length} mask bytes`);
      const run = cut(data);
      if (run.length > 0) yield run;
      continue;
    }
    const { held } = block;
    held.data.set(data, block.received);
    block.received += data.length;
    if (held.masked + mask.length > held.mask.length)
      throw broken(`${held.mask.length} mask bytes`, `${held.masked + mask.length}`);
    held.mask.set(mask, held.masked);
    held.masked += mask.length;
    if (!isWhole(block)) continue;
    for (let i = 0; i < held.mask.length; i++) if (held.mask[i] === 1) held.data.set(fill, i * width);
    const run = cut(held.data);
    if (run.length > 0) yield run;
  }
  if (yielded !== total || (block && !isWhole(block)))
    throw broken(`${total} bytes`, `${yielded + carry.length}`);
}

function isWhole({ header, received, held }: OpenBlock): boolean {
  return received === header.dataBytes && (!held || held.masked === held.mask.length);
}

/** Whether a block is the run of elements from number `at` on: leading single indices, one range, whole rest. */
function follows({ origin, shape: extents }: BlockHeader, shape: readonly number[], at: number): boolean {
  if (origin.length !== shape.length || extents.length !== shape.length) return false;
  const linear = shape.reduce((sum, extent, axis) => sum * extent + origin[axis], 0);
  const cutAxis = extents.findIndex((extent) => extent !== 1);
  const rest = cutAxis < 0 ? [] : shape.slice(cutAxis + 1);
  return linear === at && rest.every((extent, i) => extents[cutAxis + 1 + i] === extent);
}

function fillElement(dtype: string, missing: number | bigint): ArrayBuffer {
  const values = allocateValues(dtype, 1);
  values[0] = missing;
  return values.buffer as ArrayBuffer;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

function broken(expected: string, found: string): HyperslabError {
  return new HyperslabError('INTERNAL', `values from the worker: expected ${expected}, found ${found}`);
}
