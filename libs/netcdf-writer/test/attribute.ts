import type { Attribute } from '@hyperslab/proto/array';

/** An attribute: text, or numbers of a type. */
export function attribute(name: string, dtype: string, ...values: (string | number | bigint)[]): Attribute {
  const isText = dtype === 'char' || dtype === 'string';
  const isWide = dtype === 'int64' || dtype === 'uint64';
  return {
    name,
    dtype,
    strings: isText ? values.map(String) : [],
    numbers: isText || isWide ? [] : values.map(Number),
    integers: isWide ? values.map(String) : [],
  };
}
