import { isFloat, itemSize, type NumericType } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';

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
 * A number as an expression writes it: a bigint is an integer literal, as Python's int, a number is a floating one, as
 * Python's float, also where its value is whole.
 */
export type Literal = number | bigint;

/**
 * Type of an array of `dtype` together with a literal, which is weak as in numpy 2 (NEP 50): floating types stay,
 * integers stay with an integer and become float64 with a floating literal. Throws EXPRESSION_INVALID for an integer that
 * the type does not hold, where numpy has an OverflowError.
 */
export function promoteLiteral(dtype: NumericType, literal: Literal): NumericType {
  if (isFloat(dtype)) return dtype;
  if (typeof literal === 'number') return 'float64';
  if (holds(dtype, literal)) return dtype;
  const { min, max } = integerLimits(dtype);
  throw new HyperslabError(
    'EXPRESSION_INVALID',
    `${literal} does not fit ${dtype}, which holds ${min} to ${max}; write ${literal}.0 to compute in float64`,
    { literal: String(literal), dtype },
  );
}

/** The same, but a type that does not hold an integer becomes one that does: for comparisons, which numpy makes with any integer. */
export function widenForLiteral(dtype: NumericType, literal: Literal): NumericType {
  if (isFloat(dtype) || typeof literal === 'number' || holds(dtype, literal))
    return promoteLiteral(dtype, literal);
  const own = integerTypes.find((type) => holds(type, literal));
  return own === undefined ? 'float64' : promote(dtype, own);
}

function holds(dtype: NumericType, integer: bigint): boolean {
  const { min, max } = integerLimits(dtype);
  return integer >= min && integer <= max;
}

/** The type in which numpy evaluates sqrt and the like; float16, which there is not, becomes float32. */
export function floatOf(dtype: NumericType): NumericType {
  if (isFloat(dtype)) return dtype;
  return itemSize(dtype) <= 2 ? 'float32' : 'float64';
}
