import type { Codec, CodecConfiguration } from './codec.ts';
import { codecUnsupported } from './codec-error.ts';
import { positiveInteger } from './configuration.ts';
import { bigUint, wholeElements } from './whole-elements.ts';

/**
 * Integers that do not fill their bytes, or take 3, 5, 6 or 7, as stored type of whole ones (HDF5's fixed-point and bit field
 * types). Configuration: `size` in bytes of a stored element, `precision` bits from bit `offset` on, `signed` when they are
 * two's complement, `endian`; `width` in bytes of the values, 1, 2, 4 or 8. It stands right after "bytes", which then has
 * nothing to do. Only read.
 */
export const integerBitsCodec: Codec = {
  name: 'integer_bits',
  decode,
  encodedBound: (decodedLength, configuration) => {
    const { size, width } = parametersOf(configuration);
    return (decodedLength / width) * size;
  },
};

interface Parameters {
  size: number;
  width: number;
  precision: number;
  offset: number;
}

function parametersOf(configuration: CodecConfiguration): Parameters {
  const parameter = (key: string) => positiveInteger('integer_bits', configuration, key);
  const [size, width, precision] = [parameter('size'), parameter('width'), parameter('precision')];
  const offset = Number(configuration.offset ?? 0);
  if (![1, 2, 4, 8].includes(width) || size > width || !(offset >= 0 && offset + precision <= 8 * size)) {
    throw codecUnsupported(
      'integer_bits',
      `expected ${precision} bits from bit ${offset} within ${size} bytes, and values no smaller`,
    );
  }
  return { size, width, precision, offset };
}

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const { size, width, precision, offset } = parametersOf(configuration);
  const count = wholeElements('integer_bits', bytes, size, decodedLength / width);
  const isBig = configuration.endian === 'big';
  const withSign = configuration.signed === true ? BigInt.asIntN : BigInt.asUintN;
  const values = new BigUint64Array(1);
  const value = new Uint8Array(values.buffer, 0, width);
  const out = new Uint8Array(decodedLength);
  for (let i = 0; i < count; i++) {
    values[0] = withSign(precision, bigUint(bytes, i * size, size, isBig) >> BigInt(offset));
    out.set(value, i * width);
  }
  return out;
}
