import type { Attribute } from '@hyperslab/proto/array';

/** Text of an attribute; empty when absent. */
export function textOf(attributes: readonly Attribute[], name: string): string {
  return attributes.find((attribute) => attribute.name === name)?.strings[0]?.replace(/\0+$/, '') ?? '';
}

/** A text attribute. */
export function textAttribute(name: string, text: string): Attribute {
  return { name, dtype: 'char', strings: [text], numbers: [], integers: [] };
}

// They tell how values were stored, or name variables that a result does not have.
const notOfValues = new Set([
  '_FillValue',
  'missing_value',
  'scale_factor',
  'add_offset',
  'valid_min',
  'valid_max',
  'valid_range',
  '_Unsigned',
  'units',
  'coordinates',
  'bounds',
  'climatology',
  'grid_mapping',
  'ancillary_variables',
  'cell_measures',
  'formula_terms',
]);

/** Attributes that still hold for the values of a variable, or of a part of it, once they are read. */
export function attributesOfValues(attributes: readonly Attribute[]): Attribute[] {
  return attributes.filter(({ name }) => !notOfValues.has(name));
}

const ofQuantity = new Set(['standard_name', 'long_name', 'calendar']);

/** Those that name the quantity, and the calendar that times are of. */
export function namesOfQuantity(attributes: readonly Attribute[]): Attribute[] {
  return attributes.filter(({ name }) => ofQuantity.has(name));
}

/** Names of a quantity that was reduced over dimensions; the method (CF appendix E) is added to `cell_methods` (CF section 7.3). */
export function attributesOfReduction(
  attributes: readonly Attribute[],
  method: string,
  dimensions: readonly string[],
): Attribute[] {
  const over = dimensions.length === 0 ? '' : `${dimensions.map((name) => `${name}:`).join(' ')} ${method}`;
  const methods = [textOf(attributes, 'cell_methods'), over].filter((text) => text !== '').join(' ');
  const kept = namesOfQuantity(attributes);
  return methods === '' ? kept : [...kept, textAttribute('cell_methods', methods)];
}
