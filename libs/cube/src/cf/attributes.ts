import type { Attribute } from '@hyperslab/proto/array';

/** The attribute of that name, or undefined. */
export function findAttribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  return attributes.find((attribute) => attribute.name === name);
}

/** Text of an attribute without the NULs that C programs leave at its end; undefined when absent or numeric. */
export function textAttribute(attributes: readonly Attribute[], name: string): string | undefined {
  const strings = findAttribute(attributes, name)?.strings;
  return strings === undefined || strings.length === 0 ? undefined : strings[0].replace(/\0+$/, '');
}

/** Words of a text attribute that lists names: "lat lon" gives two. */
export function wordsAttribute(attributes: readonly Attribute[], name: string): string[] {
  return (textAttribute(attributes, name) ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Numbers of an attribute, 64-bit integers included (exact below 2^53); undefined when absent or text. */
export function numbersAttribute(attributes: readonly Attribute[], name: string): number[] | undefined {
  const attribute = findAttribute(attributes, name);
  if (attribute === undefined) return undefined;
  if (attribute.numbers.length > 0) return attribute.numbers;
  if (attribute.integers.length > 0) return attribute.integers.map(Number);
  return undefined;
}

/** Numbers of a 64-bit integer attribute, exactly; of other integer attributes too. Undefined when there are none. */
export function integersAttribute(attributes: readonly Attribute[], name: string): bigint[] | undefined {
  const attribute = findAttribute(attributes, name);
  if (attribute === undefined) return undefined;
  if (attribute.integers.length > 0) return attribute.integers.map(BigInt);
  const whole = attribute.numbers.filter(Number.isInteger);
  return whole.length > 0 ? whole.map(BigInt) : undefined;
}

/** Type and values of an attribute as a key: equal keys are equal attributes. The name is not part of it. */
export function attributeValueKey(attribute: Attribute): string {
  const { dtype, strings, numbers, integers } = attribute;
  if (strings.length > 0) return `s${JSON.stringify(strings)}`;
  return `${dtype}:${numbers.length > 0 ? numbers.join(',') : integers.join(',')}`;
}

/** All of a list of attributes as a key. */
export function attributesKey(attributes: readonly Attribute[]): string {
  return attributes.map((attribute) => `${attribute.name}=${attributeValueKey(attribute)}`).join('\n');
}

/** A text as an attribute. */
export function attributeOfText(name: string, text: string): Attribute {
  return { name, dtype: 'char', strings: [text], numbers: [], integers: [] };
}
