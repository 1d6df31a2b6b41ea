import type { Attribute } from '@hyperslab/proto/array';

/** Values of an attribute on one line, long ones cut: for people, not to be read back. */
export function formatAttribute({ strings, numbers, integers }: Attribute): string {
  const values = strings.length > 0 ? strings : integers.length > 0 ? integers : numbers;
  const text = values.join(', ').replace(/\s+/g, ' ').trim();
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
