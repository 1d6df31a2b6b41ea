import { type DataType, defaultFill, type MaskedArray, type NumericValues } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';

/** Values with a fill value where they are missing, and the attribute that says so; as they are when nothing is. */
export function fillMissing({ dtype, values, mask }: MaskedArray): {
  values: MaskedArray['values'];
  attributes: Attribute[];
} {
  if (mask === undefined) return { values, attributes: [] };
  if (Array.isArray(values))
    return { values: values.map((text, i) => (mask[i] === 1 ? '' : text)), attributes: [] };
  // Readers know it even without the attribute.
  const fill = defaultFill[dtype as Exclude<DataType, 'string'>];
  const filled = values.slice() as NumericValues;
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) filled[i] = fill as never;
  return { values: filled, attributes: [fillAttribute(dtype, fill)] };
}

function fillAttribute(dtype: string, fill: number | bigint): Attribute {
  const attribute = { name: '_FillValue', dtype, strings: [], numbers: [], integers: [] };
  if (typeof fill === 'bigint') return { ...attribute, integers: [String(fill)] };
  return dtype === 'char' ? { ...attribute, strings: ['\0'] } : { ...attribute, numbers: [fill] };
}
