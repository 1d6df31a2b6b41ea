import { type DataType, defaultFill, isBigInt } from '@hyperslab/array';
import type { Packing } from '@hyperslab/proto/array';

/** netCDF's default fill values; of 64-bit integers the outermost that Float64 holds exactly. */
const defaults: Readonly<Record<DataType, number | bigint>> = {
  ...defaultFill,
  int64: -(2n ** 63n),
  uint64: 2n ** 63n,
  string: 0,
};

/** The number that stands for missing values: the packing's first, else netCDF's default. */
export function missingNumber(dtype: DataType, packing: Packing | undefined): number | bigint {
  const integer = packing?.missingIntegers[0];
  if (isBigInt(dtype))
    return integer === undefined ? BigInt(packing?.missingValues[0] ?? defaults[dtype]) : BigInt(integer);
  return packing?.missingValues[0] ?? defaults[dtype];
}
