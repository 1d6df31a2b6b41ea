import { elementCount } from '@hyperslab/array';
import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt, codecUnsupported } from './codec-error.ts';
import { positiveInteger } from './configuration.ts';

/**
 * Permutes dimensions (Zarr v3 "transpose" codec; order F of Zarr v2): dimension i of the stored array is dimension
 * `order[i]` of the decoded one, whose `shape` and `itemsize` the layout adds.
 */
export const transposeCodec: Codec = {
  name: 'transpose',
  decode(bytes, configuration, decodedLength) {
    const { shape, itemSize, strides } = parameters(configuration);
    if (bytes.length !== decodedLength || elementCount(shape) * itemSize !== decodedLength) {
      throw codecCorrupt(
        'transpose',
        `${decodedLength} bytes of shape [${shape.join(', ')}]`,
        `${bytes.length}`,
      );
    }
    const result = new Uint8Array(bytes.length);
    gather(bytes, result, shape, strides, itemSize);
    return result;
  },
  encode(bytes, configuration) {
    const { order, shape, itemSize } = parameters(configuration);
    const stored = order.map((axis) => shape[axis]);
    const own = stridesOf(shape);
    const result = new Uint8Array(bytes.length);
    gather(
      bytes,
      result,
      stored,
      order.map((axis) => own[axis]),
      itemSize,
    );
    return result;
  },
  encodedBound: (decodedLength) => decodedLength,
};

interface Parameters {
  order: number[];
  shape: number[];
  itemSize: number;
  /** For each decoded dimension, how many stored elements lie between neighbours along it. */
  strides: number[];
}

function parameters(configuration: CodecConfiguration): Parameters {
  const { order, shape } = configuration;
  const itemSize = positiveInteger('transpose', configuration, 'itemsize');
  if (!isWholeList(order) || !isWholeList(shape) || !isPermutation(order, shape.length)) {
    throw codecUnsupported(
      'transpose',
      `expected "order" to be a permutation of the dimensions, found ${JSON.stringify(order)}`,
    );
  }
  const stored = stridesOf(order.map((axis) => shape[axis]));
  const strides = order.map(() => 0);
  order.forEach((axis, i) => {
    strides[axis] = stored[i];
  });
  return { order, shape, itemSize, strides };
}

function isWholeList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isPermutation(order: readonly number[], rank: number): boolean {
  return order.length === rank && new Set(order).size === rank && order.every((axis) => axis < rank);
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** Fills `to`, in row-major order of `shape`, from elements that lie `strides` apart in `from`. */
function gather(
  from: Uint8Array,
  to: Uint8Array,
  shape: readonly number[],
  strides: readonly number[],
  itemSize: number,
): void {
  const last = shape.length - 1;
  const inner = last < 0 ? 1 : shape[last];
  const step = last < 0 ? 0 : strides[last];
  const copyRow = rowCopier(from, to, itemSize);
  const index = shape.map(() => 0);
  let source = 0;
  for (let at = 0; at < to.length / itemSize; at += inner) {
    copyRow(source, step, at, inner);
    for (let axis = last - 1; axis >= 0; axis--) {
      source += strides[axis];
      if (++index[axis] < shape[axis]) break;
      source -= index[axis] * strides[axis];
      index[axis] = 0;
    }
  }
}

/** Copies `count` elements, `step` apart from element `source` on, to element `at` and those after it. */
type CopyRow = (source: number, step: number, at: number, count: number) => void;

function rowCopier(from: Uint8Array, to: Uint8Array, itemSize: number): CopyRow {
  const Words = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array }[itemSize];
  if (Words === undefined) {
    return (source, step, at, count) => {
      for (let i = 0; i < count; i++) {
        const start = (source + i * step) * itemSize;
        to.set(from.subarray(start, start + itemSize), (at + i) * itemSize);
      }
    };
  }
  // Elements are moved as they are: what number they are does not matter.
  const aligned = from.byteOffset % itemSize === 0 ? from : new Uint8Array(from);
  const words = new Words(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.length / itemSize,
  ) as Uint32Array;
  const result = new Words(to.buffer as ArrayBuffer, to.byteOffset, to.length / itemSize) as Uint32Array;
  return (source, step, at, count) => {
    for (let i = 0; i < count; i++) result[at + i] = words[source + i * step];
  };
}
