import { type DataType, isBigInt } from '@hyperslab/array';
import type { Packing } from '@hyperslab/proto/array';

/** netCDF's default fill values (netcdf.h, NC_FILL_*). The largest 64-bit ones that Float64 holds exactly. */
const defaults: Readonly<Record<DataType, number | bigint>> = {
  int8: -127,
  uint8: 255,
  int16: -32767,
  uint16: 65535,
  int32: -2147483647,
  uint32: 4294967295,
  int64: -(2n ** 63n),
  uint64: 2n ** 63n,
  float32: 9.969209968386869e36,
  float64: 9.969209968386869e36,
  char: 0,
  string: 0,
};

/** The number that stands for missing values: the packing's first, else netCDF's default. */
export function missingNumber(dtype: DataType, packing: Packing | undefined): number | bigint {
  const integer = packing?.missingIntegers[0];
  if (isBigInt(dtype))
    return integer === undefined ? BigInt(packing?.missingValues[0] ?? defaults[dtype]) : BigInt(integer);
  return packing?.missingValues[0] ?? defaults[dtype];
}
