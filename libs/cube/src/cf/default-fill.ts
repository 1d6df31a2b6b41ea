/**
 * What a netCDF library writes into places that nobody wrote (netCDF User's Guide, "Fill Values"; netcdf.h, NC_FILL_*).
 * 64-bit values are given as text since doubles do not hold them.
 */
const numbers: Record<string, number> = {
  int8: -127,
  uint8: 255,
  char: 0,
  int16: -32767,
  uint16: 65535,
  int32: -2147483647,
  uint32: 4294967295,
  // The float nearest to 9.96921e36, which both float types use.
  float32: 9.969209968386869e36,
  float64: 9.969209968386869e36,
};

const integers: Record<string, string> = {
  int64: '-9223372036854775806',
  uint64: '18446744073709551614',
};

/** The default fill value of a type that a double holds; undefined for 64-bit integers and text. */
export function defaultFillNumber(dtype: string): number | undefined {
  return numbers[dtype];
}

/** The default fill value of a 64-bit integer type, in decimal. */
export function defaultFillInteger(dtype: string): string | undefined {
  return integers[dtype];
}
