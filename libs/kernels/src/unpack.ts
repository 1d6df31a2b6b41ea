import { type DataType, isBigInt, type NumberArray, type NumericValues, viewValues } from '@hyperslab/array';
import type { Packing } from '@hyperslab/proto/array';
import { type Allocator, ordinaryMemory } from './allocator.ts';
import { convert } from './convert.ts';
import { findMissing } from './missing.ts';
import { remembered, specialise } from './specialise.ts';
import { scaleByKernel } from './wasm/scale.ts';

/** Physical values of a run of stored numbers. */
export interface Unpacked {
  dtype: DataType;
  values: NumericValues | string[];
  /** One byte for each value, 1 where it is missing; absent when none is. */
  mask?: Uint8Array;
}

/**
 * Stored numbers as physical ones (CF conventions, sections 2.5.1 and 8.1). What is missing is told from the packed
 * numbers. Scaling is done in `unpackedDtype`, step by step, so that float32 rounds as numpy and netCDF4-python do.
 * Without scaling, values of the stored type are handed on, not copied. What is made of them is in `memory`.
 */
export function unpack(
  stored: NumericValues | string[],
  storedDtype: DataType,
  packing: Packing | undefined,
  memory: Allocator = ordinaryMemory,
): Unpacked {
  if (Array.isArray(stored)) return { dtype: storedDtype, values: stored };
  const unsigned = packing?.readUnsigned === true && /^int\d+$/.test(storedDtype);
  const readDtype = (unsigned ? `u${storedDtype}` : storedDtype) as DataType;
  const values = unsigned ? viewValues(readDtype, stored.buffer, stored.byteOffset, stored.length) : stored;
  if (packing === undefined) return { dtype: readDtype, values };
  const mask = findMissing(values, readDtype, packing, memory);
  const dtype = (packing.unpackedDtype || readDtype) as DataType;
  const scaled = packing.scaleFactor !== undefined || packing.addOffset !== undefined;
  // A type that is unpacked as itself is not: `_Unsigned` without scaling keeps the unsigned type.
  if (!scaled) {
    if (unsigned && dtype === storedDtype) return { dtype: readDtype, values, mask };
    return { dtype, values: readDtype === 'char' ? values : convert(values, readDtype, dtype), mask };
  }
  return { dtype, values: scale(values, readDtype, dtype, packing, memory), mask };
}

function scale(
  values: NumericValues,
  from: DataType,
  to: DataType,
  packing: Packing,
  memory: Allocator,
): NumericValues {
  const input = isBigInt(from) ? convert(values, from, 'float64') : values;
  // Adding -0 changes no number, not even the sign of a zero.
  const { scaleFactor = 1, addOffset = -0 } = packing;
  if (to === 'float32') {
    const output = memory.array('float32', values.length) as Float32Array;
    const [factor, offset] = [Math.fround(scaleFactor), Math.fround(addOffset)];
    if (!scaleByKernel(input as NumberArray, from, to, factor, offset, output))
      scaleLoop(`${from} float32`)(input as NumberArray, factor, offset, output);
    return output;
  }
  const output = memory.array('float64', values.length) as Float64Array;
  if (!scaleByKernel(input as NumberArray, from, 'float64', scaleFactor, addOffset, output))
    scaleLoop(`${from} float64`)(input as NumberArray, scaleFactor, addOffset, output);
  return to === 'float64' ? output : convert(output, 'float64', to);
}

type ScaleLoop = (values: NumberArray, factor: number, offset: number, output: NumberArray) => void;

const scaleLoop = remembered(
  (key) => specialise(key.endsWith('float32') ? scaleFloat32 : scaleFloat64) as ScaleLoop,
);

function scaleFloat32(values: NumberArray, factor: number, offset: number, output: NumberArray): void {
  const count = values.length;
  for (let i = 0; i < count; i++) output[i] = Math.fround(values[i] * factor) + offset;
}

function scaleFloat64(values: NumberArray, factor: number, offset: number, output: NumberArray): void {
  const count = values.length;
  for (let i = 0; i < count; i++) output[i] = values[i] * factor + offset;
}
