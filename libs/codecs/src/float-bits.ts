import type { Codec, CodecConfiguration } from './codec.ts';
import { codecUnsupported } from './codec-error.ts';
import { bigUint, wholeElements } from './whole-elements.ts';

/**
 * Binary floats of any layout as stored type of float32 or float64 values, which must hold them exactly (HDF5's
 * floating-point types, bfloat16). Configuration: `size` in bytes of a stored element; bit positions `sign`, `exponent` and
 * `mantissa`, the lowest ones, with `exponent_size` and `mantissa_size`; `bias` of the exponent; `endian`; `width` of the
 * values, 4 or 8. The first bit of a mantissa is implied; all bits of an exponent say infinity or not a number, as in IEEE
 * 754. It stands right after "bytes", which then has nothing to do. Only read.
 */
export const floatBitsCodec: Codec = {
  name: 'float_bits',
  decode,
  encodedBound: (decodedLength, configuration) => {
    const { size, width } = parametersOf(configuration);
    return (decodedLength / width) * size;
  },
};

const keys = [
  'size',
  'width',
  'sign',
  'exponent',
  'exponent_size',
  'mantissa',
  'mantissa_size',
  'bias',
] as const;

function parametersOf(configuration: CodecConfiguration): Record<(typeof keys)[number], number> {
  const entries = keys.map((key) => {
    const value = configuration[key];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return [key, value];
    throw codecUnsupported(
      'float_bits',
      `expected "${key}" to be a whole number, found ${JSON.stringify(value)}`,
    );
  });
  const parameters = Object.fromEntries(entries);
  const { size, width, exponent_size: exponentSize, mantissa_size: mantissaSize } = parameters;
  if (size < 1 || size > 8 || (width !== 4 && width !== 8) || exponentSize > 11 || mantissaSize > 52) {
    throw codecUnsupported('float_bits', `floats of ${size} bytes that values of ${width} bytes do not hold`);
  }
  return parameters;
}

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const parameters = parametersOf(configuration);
  const { size, width } = parameters;
  const count = wholeElements('float_bits', bytes, size, decodedLength / width);
  const isBig = configuration.endian === 'big';
  const values = width === 4 ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = floatOf(bigUint(bytes, i * size, size, isBig), parameters);
  return new Uint8Array(values.buffer);
}

function floatOf(bits: bigint, parameters: ReturnType<typeof parametersOf>): number {
  const part = (location: number, size: number) => Number(BigInt.asUintN(size, bits >> BigInt(location)));
  const sign = part(parameters.sign, 1) === 1 ? -1 : 1;
  const exponent = part(parameters.exponent, parameters.exponent_size);
  const fraction = part(parameters.mantissa, parameters.mantissa_size) / 2 ** parameters.mantissa_size;
  if (exponent === 2 ** parameters.exponent_size - 1) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - parameters.bias);
  return sign * (1 + fraction) * 2 ** (exponent - parameters.bias);
}
