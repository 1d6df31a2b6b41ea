import { allocateValues, defaultFill } from '@hyperslab/array';
import type { VariableDefinition } from './definition.ts';
import { bytesOf, numericAttribute } from './encode-attribute.ts';
import { invalidDefinition } from './invalid-definition.ts';

/** Bytes of one element that was never written; undefined for strings. Throws when `_FillValue` is of another type. */
export function fillBytes({ name, dtype, attributes }: VariableDefinition): Uint8Array | undefined {
  if (dtype === 'string') return undefined;
  const attribute = attributes.find(({ name }) => name === '_FillValue');
  if (attribute === undefined) {
    const fill = allocateValues(dtype, 1);
    fill[0] = defaultFill[dtype];
    return bytesOf(fill);
  }
  const isOne = attribute.strings.length + attribute.numbers.length + attribute.integers.length === 1;
  if (attribute.dtype !== dtype || !isOne)
    throw invalidDefinition(`variable "${name}": expected one _FillValue of type ${dtype}`);
  if (dtype !== 'char') return bytesOf(numericAttribute(attribute));
  const text = new TextEncoder().encode(attribute.strings[0]);
  return text.length === 1 ? text : new Uint8Array(1);
}
