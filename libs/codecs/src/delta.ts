import type { Codec, CodecConfiguration } from './codec.ts';
import {
  type NumpyArray,
  type NumpyType,
  numpyBytes,
  numpyType,
  numpyValues,
  numpyZeros,
  putNumber,
} from './numpy-numbers.ts';

/** numcodecs "delta": the first number, then differences, as `astype`; the numbers are of `dtype` (numpy names). */
export const deltaCodec: Codec = {
  name: 'delta',
  decode(bytes, configuration) {
    const { dtype, astype } = types(configuration);
    const stored = numpyValues('delta', bytes, astype);
    const result = numpyZeros(dtype, stored.length);
    for (let i = 0; i < stored.length; i++)
      putNumber(result, i, i === 0 ? stored[0] : sum(result, i, stored[i]));
    return numpyBytes(result, dtype);
  },
  encode(bytes, configuration) {
    const { dtype, astype } = types(configuration);
    const values = numpyValues('delta', bytes, dtype);
    const result = numpyZeros(astype, values.length);
    for (let i = 0; i < values.length; i++) putNumber(result, i, i === 0 ? values[0] : difference(values, i));
    return numpyBytes(result, astype);
  },
  encodedBound(decodedLength, configuration) {
    const { dtype, astype } = types(configuration);
    return (decodedLength / dtype.width) * astype.width;
  },
};

function types(configuration: CodecConfiguration): { dtype: NumpyType; astype: NumpyType } {
  const dtype = numpyType('delta', configuration, 'dtype');
  return { dtype, astype: 'astype' in configuration ? numpyType('delta', configuration, 'astype') : dtype };
}

/** The number before, and the difference: 64-bit integers exactly, others as doubles, which the array rounds. */
function sum(result: NumpyArray, i: number, added: number | bigint): number | bigint {
  const before = result[i - 1];
  return typeof before === 'bigint' ? before + BigInt(added) : before + Number(added);
}

function difference(values: NumpyArray, i: number): number | bigint {
  const [before, value] = [values[i - 1], values[i]];
  return typeof value === 'bigint' ? value - (before as bigint) : value - (before as number);
}
