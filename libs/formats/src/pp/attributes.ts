import type { Attribute } from '@hyperslab/proto/array';

export function textAttribute(name: string, text: string): Attribute {
  return { name, dtype: 'char', strings: [text], numbers: [], integers: [] };
}

export function numberAttribute(name: string, dtype: string, value: number): Attribute {
  return dtype === 'int64'
    ? { name, dtype, strings: [], numbers: [], integers: [String(value)] }
    : { name, dtype, strings: [], numbers: [value], integers: [] };
}

/** Text attributes in order; those without a text are left out. */
export function textAttributes(texts: Readonly<Record<string, string | undefined>>): Attribute[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    text === undefined ? [] : [textAttribute(name, text)],
  );
}
