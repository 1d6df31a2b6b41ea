import type { Attribute } from '@hyperslab/proto/array';

/** A text attribute. */
export function textAttribute(name: string, text: string): Attribute {
  return { name, dtype: 'char', strings: [text], numbers: [], integers: [] };
}
