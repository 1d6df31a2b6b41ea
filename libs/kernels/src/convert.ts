import {
  allocateValues,
  type BigIntArray,
  isBigInt,
  isFloat,
  type MaskedArray,
  type NumberArray,
  type NumericValues,
} from '@hyperslab/array';

/** Values brought to another data type, as C casts them; the same array when it is of that type already. */
export function convert(values: NumericValues, from: string, to: string): NumericValues {
  if (from === to) return values;
  const converted = allocateValues(to, values.length);
  if (isBigInt(from) === isBigInt(to)) (converted as NumberArray).set(values as NumberArray);
  else if (isBigInt(from)) fromBigInts(values as BigIntArray, converted as NumberArray, isFloat(to));
  else toBigInts(values as NumberArray, converted as BigIntArray);
  return converted;
}

/** An array of numbers: bigints as float64; itself when it has none. */
export function asNumbers(array: MaskedArray): MaskedArray {
  if (!isBigInt(array.dtype)) return array;
  const values = convert(array.values as BigIntArray, array.dtype, 'float64');
  return { ...array, dtype: 'float64', values };
}

function fromBigInts(values: BigIntArray, converted: NumberArray, exactRange: boolean): void {
  for (let i = 0; i < values.length; i++) {
    converted[i] = Number(exactRange ? values[i] : BigInt.asIntN(32, values[i]));
  }
}

function toBigInts(values: NumberArray, converted: BigIntArray): void {
  for (let i = 0; i < values.length; i++) {
    const value = Math.trunc(values[i]);
    converted[i] = Number.isFinite(value) ? BigInt(value) : 0n;
  }
}
