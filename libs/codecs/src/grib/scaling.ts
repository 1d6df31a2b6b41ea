import type { FieldValues } from './field-values.ts';
import type { Section } from './section.ts';
import { unpackBits } from './unpack-bits.ts';

/** Packed integer X to value Y: Y = (R + X · 2^E) · 10^-D (regulations 92.9.4 of GRIB 2 and 92.6.4 of GRIB 1). */
export interface Scaling {
  /** R. */
  reference: number;
  /** 2^E. */
  step: number;
  /** 10^-D. */
  unit: number;
}

/** The scaling of octets 12 to 19 of section 5, which all templates of packed integers begin with. */
export function scalingOf(representation: Section): Scaling {
  return makeScaling(representation.ieee32(12), representation.signed(16, 2), representation.signed(18, 2));
}

export function makeScaling(reference: number, binaryScale: number, decimalScale: number): Scaling {
  // The decimal literal is rounded once; 10 ** -D would be twice.
  return { reference, step: 2 ** binaryScale, unit: Number(`1e${-decimalScale}`) };
}

// A block of integers stays in the first-level cache between being unpacked and being scaled.
const blockLength = 4096;
const block = new Uint32Array(blockLength);

/** Fills `values` with packed integers of `width` bits from `startBit` on, scaled. */
export function unpackScaled(
  view: DataView,
  startBit: number,
  width: number,
  scaling: Scaling,
  values: FieldValues,
): void {
  const { reference, step, unit } = scaling;
  for (let done = 0; done < values.length; done += blockLength) {
    const count = Math.min(blockLength, values.length - done);
    unpackBits(view, startBit + done * width, width, count, block);
    for (let i = 0; i < count; i++) values[done + i] = (block[i] * step + reference) * unit;
  }
}

/** Puts packed integers of `width` bits, each plus `base`, into `target` from `at` on. */
export function unpackGroup(
  view: DataView,
  startBit: number,
  width: number,
  count: number,
  base: number,
  target: Float64Array,
  at: number,
): void {
  if (width === 0) {
    target.fill(base, at, at + count);
    return;
  }
  for (let done = 0; done < count; done += blockLength) {
    const length = Math.min(blockLength, count - done);
    unpackBits(view, startBit + done * width, width, length, block);
    for (let i = 0; i < length; i++) target[at + done + i] = block[i] + base;
  }
}

/** Values of integers that were unpacked and summed; those that are NaN stay so. */
export function scaleIntegers(integers: Float64Array, scaling: Scaling, values: FieldValues): void {
  const { reference, step, unit } = scaling;
  for (let i = 0; i < values.length; i++) values[i] = (integers[i] * step + reference) * unit;
}

/** Samples of an image or a stream. */
type Samples = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array;

const sampleBlock = new Float64Array(blockLength);

/** Values of samples. Copying them first costs little, and spares the loop from meeting arrays of many types. */
export function scaleSamples(samples: Samples, scaling: Scaling, values: FieldValues): void {
  const { reference, step, unit } = scaling;
  for (let done = 0; done < values.length; done += blockLength) {
    const count = Math.min(blockLength, values.length - done);
    sampleBlock.set(samples.subarray(done, done + count));
    for (let i = 0; i < count; i++) values[done + i] = (sampleBlock[i] * step + reference) * unit;
  }
}
