/**
 * How fast the kernels are on one core, beside the plain loops: gigabytes of stored elements in a second of processor time, so
 * that others on the machine disturb little, of a tile of 4 MiB of float32.
 *
 *   node bench/kernels/run.ts [PART OF A NAME]
 *
 * "copied" are kernels on ordinary arrays, which are brought to the arena in blocks; "in place" have elements and masks in the arena, "all"
 * the results, too.
 */
import { itemSize, type MaskedArray, type NumericType, type NumericValues } from '@hyperslab/array';
import { decodeChunk } from '@hyperslab/codecs';
import {
  type Allocator,
  accumulate,
  allowSimd,
  createAccumulator,
  elementwise,
  openRegion,
  ordinaryMemory,
  type Reduction,
  unpack,
  unshuffleByKernel,
} from '@hyperslab/kernels';
import type { Packing } from '@hyperslab/proto/array';

const shape = [16, 256, 256];
const count = shape[0] * shape[1] * shape[2];
const wanted = process.argv[2] ?? '';
const ways = ['plain', 'copied', 'in place', 'all'] as const;
type Way = (typeof ways)[number];

const region = openRegion();

/** Milliseconds of this thread's processor time that a call takes, once it is compiled. */
function measure(call: () => void): number {
  for (let i = 0; i < 20; i++) call();
  const before = process.threadCpuUsage();
  const end = performance.now() + 200;
  let calls = 0;
  for (; calls < 10 || performance.now() < end; calls++) call();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000 / calls;
}

function tileOf(dtype: NumericType, masked: boolean, memory: Allocator): MaskedArray {
  const values = memory.array(dtype, count) as Float64Array;
  for (let i = 0; i < count; i++) values[i] = (Math.imul(i, 2654435761) >>> 8) % 1000;
  const mask = masked ? (memory.zeros('uint8', count) as Uint8Array) : undefined;
  for (let i = 0; i < count; i++) if (mask !== undefined) mask[i] = (i >> 6) % 3 === 0 ? 1 : 0;
  return { dtype, shape, values, mask };
}

function reduction(
  name: string,
  operation: Reduction,
  dtype: NumericType,
  axes: number[],
  masked = false,
): void {
  const cells = shape.filter((_, axis) => !axes.includes(axis));
  print(`${name}, ${dtype}${masked ? ', masked' : ''}`, itemSize(dtype) * count, (way) => {
    const tile = tileOf(dtype, masked, memoryOf(way));
    const accumulator = createAccumulator(operation, dtype, cells, count, way === 'all' ? region : undefined);
    return () => accumulate(accumulator, tile, axes);
  });
}

/** Of chunks as they are stored; what is made of them is in the arena for "all". */
function unpacking(name: string, dtype: NumericType, unpackedDtype: string, packing: Partial<Packing>): void {
  print(name, itemSize(dtype) * count, (way) => {
    const stored = tileOf(dtype, false, memoryOf(way)).values as NumericValues;
    const whole = { missingValues: [], missingIntegers: [], readUnsigned: false, unpackedDtype, ...packing };
    return () => {
      using made = openRegion();
      unpack(stored, dtype, whole, way === 'all' ? made : ordinaryMemory);
    };
  });
}

function unshuffling(width: 2 | 4 | 8): void {
  const layout = {
    storedDtype: `float${8 * width}`.replace('float16', 'int16'),
    codecs: [
      { name: 'bytes', configuration: '' },
      { name: 'shuffle', configuration: `{"elementsize":${width}}` },
    ],
  };
  print(`unshuffle ${width} bytes`, width * count, (way) => {
    const bytes = memoryOf(way).zeros('uint8', width * count) as Uint8Array;
    const result = memoryOf(way).zeros('uint8', width * count) as Uint8Array;
    return way === 'all'
      ? () => unshuffleByKernel(bytes, width, count, result)
      : () => decodeChunk(bytes, layout, count, 0);
  });
}

function applying(name: string, dtype: NumericType, second?: 'array' | 'number', masked = false): void {
  print(
    `${name} of ${dtype}${second === undefined ? '' : ` and ${second}`}${masked ? ', masked' : ''}`,
    itemSize(dtype) * count,
    (way) => {
      const tile = tileOf(dtype, masked, memoryOf(way));
      const operands = second === undefined ? [tile] : [tile, second === 'array' ? tile : 2.5];
      return () => {
        using made = openRegion();
        elementwise(name, operands, shape, way === 'all' ? made : ordinaryMemory);
      };
    },
  );
}

function memoryOf(way: Way): Allocator {
  return way === 'in place' || way === 'all' ? region : ordinaryMemory;
}

/** A line of the table: what `prepare` gives is called again and again. */
function print(name: string, bytes: number, prepare: (way: Way) => () => void): void {
  if (!name.includes(wanted)) return;
  const rates = ways.map((way) => {
    allowSimd(way !== 'plain');
    const call = prepare(way);
    const ms = measure(call);
    allowSimd(true);
    region.release();
    return (bytes / ms / 1e6).toFixed(1);
  });
  console.log(`| ${name} | ${rates.join(' | ')} |`);
}

console.log(`| | ${ways.join(' | ')} |`);
console.log('| --- | --- | --- | --- | --- |');
for (const dtype of ['float32', 'float64'] as const) {
  for (const masked of [false, true]) {
    reduction('sum over the first dimension', 'sum', dtype, [0], masked);
    reduction('sum over all', 'sum', dtype, [0, 1, 2], masked);
    reduction('sum over the last dimension', 'sum', dtype, [2], masked);
    reduction('min over the first dimension', 'min', dtype, [0], masked);
    reduction('min over all', 'min', dtype, [0, 1, 2], masked);
    reduction('var over the first dimension', 'var', dtype, [0], masked);
    reduction('var over all', 'var', dtype, [0, 1, 2], masked);
    reduction('count over the first dimension', 'count', dtype, [0], masked);
  }
}
reduction('min over all', 'min', 'int16', [0, 1, 2]);
const scaled = { scaleFactor: 0.01, addOffset: 273.15 };
unpacking('int16 to float32', 'int16', 'float32', scaled);
unpacking('int16 to float32, a fill value that is not there', 'int16', 'float32', {
  ...scaled,
  missingValues: [-1],
});
unpacking('int16 to float32, a fill value', 'int16', 'float32', { ...scaled, missingValues: [7] });
unpacking('int16 to float64, a fill value', 'int16', 'float64', { ...scaled, missingValues: [7] });
unpacking('float32 with a fill value that is not there', 'float32', 'float32', { missingValues: [1e20] });
unpacking('float32 with a fill value', 'float32', 'float32', { missingValues: [7] });
for (const width of [2, 4, 8] as const) unshuffling(width);
for (const dtype of ['float32', 'float64'] as const) {
  applying('+', dtype, 'array');
  applying('+', dtype, 'array', true);
  applying('/', dtype, 'number');
  applying('<', dtype, 'number');
  applying('sqrt', dtype);
  applying('negate', dtype);
}
