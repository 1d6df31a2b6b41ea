import type { Attribute } from '@hyperslab/proto/array';

/** An attribute of a file, of text. */
export function textAttribute(name: string, value: string): Attribute {
  return { name, dtype: 'char', strings: [value], numbers: [], integers: [] };
}
