import type { Codec, CodecConfiguration } from './codec.ts';
import { castNumpy, numpyBytes, numpyType, numpyValues, numpyZeros } from './numpy-numbers.ts';

/**
 * numcodecs "astype": numbers stored as `encode_dtype`, decoded as `decode_dtype` (numpy names). "quantize" too, which
 * rounds when it encodes and is undone by the cast alone.
 */
export const astypeCodec: Codec = {
  name: 'astype',
  decode: (bytes, configuration) => cast(bytes, configuration, 'encode_dtype', 'decode_dtype'),
  encode: (bytes, configuration) => cast(bytes, configuration, 'decode_dtype', 'encode_dtype'),
  encodedBound(decodedLength, configuration) {
    const decoded = numpyType('astype', configuration, 'decode_dtype');
    return (decodedLength / decoded.width) * numpyType('astype', configuration, 'encode_dtype').width;
  },
};

function cast(bytes: Uint8Array, configuration: CodecConfiguration, from: string, to: string): Uint8Array {
  const values = numpyValues('astype', bytes, numpyType('astype', configuration, from));
  const type = numpyType('astype', configuration, to);
  const result = numpyZeros(type, values.length);
  castNumpy(values, result);
  return numpyBytes(result, type);
}
