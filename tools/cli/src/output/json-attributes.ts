import type { Attribute } from '@hyperslab/proto/array';

type AttributeValue = string | number | (string | number)[];

/** Attributes as a JSON object: one value by itself, several as a list, 64-bit integers past 2^53 as strings. */
export function jsonAttributes(attributes: readonly Attribute[]): Record<string, AttributeValue> {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeValue(attribute)]));
}

function attributeValue({ strings, numbers, integers }: Attribute): AttributeValue {
  const values = [...strings, ...numbers.map(jsonNumber), ...integers.map(jsonInteger)];
  return values.length === 1 ? values[0] : values;
}

function jsonNumber(value: number): string | number {
  return Number.isFinite(value) ? value : String(value);
}

function jsonInteger(text: string): string | number {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}
