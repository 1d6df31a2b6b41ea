import { isFloat, itemSize, type NumericType } from '@hyperslab/array';

const signedOfWidth: Record<number, NumericType> = { 1: 'int8', 2: 'int16', 4: 'int32', 8: 'int64' };
const integerTypes: NumericType[] = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
];

/** Smallest type that holds the values of both, as numpy's `promote_types`: int16 and uint16 give int32, int32 and float32 float64. */
export function promote(a: NumericType, b: NumericType): NumericType {
  if (a === b) return a;
  if (isFloat(a) || isFloat(b)) return promoteFloat(a, b);
  const [wide, narrow] = itemSize(a) >= itemSize(b) ? [a, b] : [b, a];
  if (isUnsigned(wide) === isUnsigned(narrow)) return wide;
  if (!isUnsigned(wide) && itemSize(wide) > itemSize(narrow)) return wide;
  // An unsigned type and a signed one that is not wider: the next wider signed type, which for uint64 does not exist.
  const unsignedWidth = Math.max(...[a, b].filter(isUnsigned).map(itemSize));
  return signedOfWidth[unsignedWidth * 2] ?? 'float64';
}

function promoteFloat(a: NumericType, b: NumericType): NumericType {
  const fitsFloat32 = (dtype: NumericType) => dtype === 'float32' || (!isFloat(dtype) && itemSize(dtype) < 4);
  return fitsFloat32(a) && fitsFloat32(b) ? 'float32' : 'float64';
}

/** True for unsigned integer types. */
export function isUnsigned(dtype: string): boolean {
  return dtype.startsWith('uint');
}

/** Smallest and largest value of an integer type. */
export function integerLimits(dtype: NumericType): { min: bigint; max: bigint } {
  const bits = BigInt(itemSize(dtype) * 8);
  if (isUnsigned(dtype)) return { min: 0n, max: (1n << bits) - 1n };
  return { min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n };
}

/**
 * Type of an array of `dtype` together with a constant. A constant is weak, as a Python number is for numpy 2: it takes
 * the array's type where it can. Where numpy refuses, an integer that does not fit widens the type.
 */
export function promoteConstant(dtype: NumericType, constant: number): NumericType {
  if (isFloat(dtype)) return dtype;
  if (!Number.isInteger(constant)) return 'float64';
  const holds = (type: NumericType) => {
    const { min, max } = integerLimits(type);
    return BigInt(constant) >= min && BigInt(constant) <= max;
  };
  if (holds(dtype)) return dtype;
  const own = integerTypes.find(holds);
  return own === undefined ? 'float64' : promote(dtype, own);
}

/** The type in which numpy evaluates sqrt and the like; float16, which there is not, becomes float32. */
export function floatOf(dtype: NumericType): NumericType {
  if (isFloat(dtype)) return dtype;
  return itemSize(dtype) <= 2 ? 'float32' : 'float64';
}
