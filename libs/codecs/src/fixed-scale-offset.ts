import type { Codec, CodecConfiguration } from './codec.ts';
import { codecUnsupported } from './codec-error.ts';
import {
  type NumpyType,
  numpyBytes,
  numpyType,
  numpyValues,
  numpyZeros,
  putNumber,
} from './numpy-numbers.ts';

/**
 * numcodecs "fixedscaleoffset": round((x - `offset`) × `scale`) as `astype`, decoded as numbers of `dtype` (numpy names).
 * Computed as numpy does: in float32 where the stored numbers are, else in float64.
 */
export const fixedScaleOffsetCodec: Codec = {
  name: 'fixedscaleoffset',
  decode(bytes, configuration) {
    const { dtype, astype, scale, offset } = parameters(configuration);
    const stored = numpyValues('fixedscaleoffset', bytes, astype);
    const result = numpyZeros(dtype, stored.length);
    const round = astype.isFloat && astype.width === 4 ? Math.fround : (value: number) => value;
    const [divisor, added] = [round(scale), round(offset)];
    for (let i = 0; i < stored.length; i++) {
      putNumber(result, i, round(round(Number(stored[i]) / divisor) + added));
    }
    return numpyBytes(result, dtype);
  },
  encode(bytes, configuration) {
    const { dtype, astype, scale, offset } = parameters(configuration);
    const values = numpyValues('fixedscaleoffset', bytes, dtype);
    const result = numpyZeros(astype, values.length);
    for (let i = 0; i < values.length; i++)
      putNumber(result, i, roundHalfEven((Number(values[i]) - offset) * scale));
    return numpyBytes(result, astype);
  },
  encodedBound(decodedLength, configuration) {
    const { dtype, astype } = parameters(configuration);
    return (decodedLength / dtype.width) * astype.width;
  },
};

interface Parameters {
  dtype: NumpyType;
  astype: NumpyType;
  scale: number;
  offset: number;
}

function parameters(configuration: CodecConfiguration): Parameters {
  const dtype = numpyType('fixedscaleoffset', configuration, 'dtype');
  const astype = 'astype' in configuration ? numpyType('fixedscaleoffset', configuration, 'astype') : dtype;
  const { scale, offset } = configuration;
  if (typeof scale !== 'number' || typeof offset !== 'number' || scale === 0) {
    throw codecUnsupported(
      'fixedscaleoffset',
      `expected "scale" and "offset" to be numbers, found ${JSON.stringify(scale)}, ${JSON.stringify(offset)}`,
    );
  }
  if (astype.isFloat && astype.width === 2)
    throw codecUnsupported('fixedscaleoffset', 'float16 as "astype" is not known here');
  return { dtype, astype, scale, offset };
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
