import { defaultFill, isFixedWidth } from '@hyperslab/array';

/** netCDF's default fill value of a type that a double holds; undefined for 64-bit integers and text. */
export function defaultFillNumber(dtype: string): number | undefined {
  const fill = isFixedWidth(dtype) ? defaultFill[dtype] : undefined;
  return typeof fill === 'number' ? fill : undefined;
}

/** netCDF's default fill value of a 64-bit integer type, in decimal; undefined for others. */
export function defaultFillInteger(dtype: string): string | undefined {
  const fill = isFixedWidth(dtype) ? defaultFill[dtype] : undefined;
  return typeof fill === 'bigint' ? String(fill) : undefined;
}
