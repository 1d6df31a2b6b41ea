import type { DataType } from './data-type.ts';

/**
 * What a netCDF library fills places with that nobody wrote, where a variable names no `_FillValue` (netCDF User's Guide, "Fill
 * Values"; netcdf.h, NC_FILL_*). Both float types use the float nearest to 9.96921e36.
 */
export const defaultFill: Readonly<Record<Exclude<DataType, 'string'>, number | bigint>> = {
  int8: -127,
  uint8: 255,
  int16: -32767,
  uint16: 65535,
  int32: -2147483647,
  uint32: 4294967295,
  int64: -9223372036854775806n,
  uint64: 18446744073709551614n,
  float32: 9.969209968386869e36,
  float64: 9.969209968386869e36,
  char: 0,
};
