import type { MaskedArray, NumericValues } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';

// netCDF's default fill values (netcdf.h, NC_FILL_*): readers know them even without the attribute.
const fills: Record<string, number | bigint> = {
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

/** Values with a fill value where they are missing, and the attribute that says so; as they are when nothing is. */
export function fillMissing({ dtype, values, mask }: MaskedArray): {
  values: MaskedArray['values'];
  attributes: Attribute[];
} {
  if (mask === undefined) return { values, attributes: [] };
  if (Array.isArray(values))
    return { values: values.map((text, i) => (mask[i] === 1 ? '' : text)), attributes: [] };
  const fill = fills[dtype];
  const filled = values.slice() as NumericValues;
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) filled[i] = fill as never;
  return { values: filled, attributes: [fillAttribute(dtype, fill)] };
}

function fillAttribute(dtype: string, fill: number | bigint): Attribute {
  const attribute = { name: '_FillValue', dtype, strings: [], numbers: [], integers: [] };
  if (typeof fill === 'bigint') return { ...attribute, integers: [String(fill)] };
  return dtype === 'char' ? { ...attribute, strings: ['\0'] } : { ...attribute, numbers: [fill] };
}
