import {
  allocateValues,
  type DataType,
  encodeArray,
  isBigInt,
  isNumeric,
  type NumberArray,
} from '@hyperslab/array';
import type { ArrayBlock } from '@hyperslab/proto/array';

/**
 * Values of an added coordinate: a list, or one value where it has no dimension; numbers are float64 unless `dtype` is
 * another type. Undefined for anything else, and for numbers that the type does not hold.
 */
export function coordinateValues(given: unknown, isList: boolean, dtype: unknown): ArrayBlock | undefined {
  if (Array.isArray(given) !== isList) return undefined;
  const list = [given].flat();
  const shape = isList ? [list.length] : [];
  if (list.length > 0 && list.every((value) => typeof value === 'string') && (dtype ?? 'string') === 'string')
    return block('string', shape, list);
  const type = dtype ?? 'float64';
  if (list.length === 0 || typeof type !== 'string' || !isNumeric(type)) return undefined;
  if (!list.every((value) => typeof value === 'number' && Number.isFinite(value))) return undefined;
  const numbers = list as number[];
  if (!type.startsWith('float') && !numbers.every(Number.isSafeInteger)) return undefined;
  const values = allocateValues(type, list.length);
  if (isBigInt(type)) (values as BigInt64Array).set(numbers.map(BigInt));
  else (values as NumberArray).set(numbers);
  const isHeld = type.startsWith('float') || numbers.every((number, i) => Number(values[i]) === number);
  return isHeld ? block(type, shape, values) : undefined;
}

function block(
  dtype: DataType,
  shape: number[],
  values: Parameters<typeof encodeArray>[0]['values'],
): ArrayBlock {
  const { data, mask } = encodeArray({ dtype, shape, values });
  return { dtype, shape, data: Buffer.from(data), mask: Buffer.from(mask) };
}
